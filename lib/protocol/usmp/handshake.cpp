#include "protocol/usmp/handshake.h"

#include "crypto/equal.h"
#include "protocol/key_judgement.h"

#include <algorithm>
#include <utility>

namespace gatehouse::usmp {

namespace {

// The key and the form of proof that a HELLO_ACK turned out to fit.
struct match {
    profile const* how = nullptr;
    identity::enrolled_key key;
};

// The first key that fits, unless it is not accepted now and a later one is: the same secret may
// stand twice.
bool better(match const& found, identity::enrolled_key const& next, wall_time now)
{
    return found.how == nullptr || (!found.key.accepted_at(now) && next.accepted_at(now));
}

// Computes every candidate form with every key of the device, padded with the decoy to the number
// of trials that all devices cost; no early exit.
match find_match(
    environment& env,
    awaiting_proof const& state,
    hello_ack const& message,
    identity::found_device const& device
)
{
    match found;
    for (std::size_t trial = 0; trial < env.keyring->trials(); ++trial) {
        auto const key = trial < device.key_count() ? device.key(trial) : identity::enrolled_key{};
        bool const real = !key.value.empty();  // the secret of a revoked key may be gone
        auto const psk = real ? key.value : env.keyring->decoy();
        for (auto const* how : candidates(state.version)) {
            auto const expected = device_proof(env.crypto.hmac, *how, psk, state.seen);
            bool const fits = crypto::equal(expected, message.proof);
            if (fits && real && better(found, key, env.wall_now))
                found = {how, key};
        }
    }
    return found;
}

// Turns the proof's form into the generation, with what else tells generations apart. `legacy` is
// the session-id length to tell a device of 0.2 or 0.3.
profile const& settle_generation(
    profile const& form, std::uint32_t sequence, identity::session_id_length legacy
)
{
    if (&form == &r1_2)
        return sequence == hello_ack_sequence_1_1 ? r1_2 : r1_0;
    if (&form != &r0_2)
        return form;
    return legacy == identity::session_id_length::sixteen ? r0_3 : r0_2;
}

bool is_legacy(profile const& how) noexcept
{
    return &how == &r0_2 || &how == &r0_3;
}

// The first half of a 16-byte id is the gateway's own name for the session, so that the worker and
// the session can be read from every frame. Four bytes have no room for it.
wire_session_id make_wire_id(environment& env, profile const& how, session_id id)
{
    std::array<std::uint8_t, 16> raw{};
    auto const whole = mutable_bytes{raw}.first(how.session_id_size);
    env.random.fill(whole);
    if (how.session_id_size == raw.size()) {
        auto const name = id.bytes();
        std::copy(name.begin(), name.end(), raw.begin());
    }
    return wire_session_id{whole};
}

std::array<crypto::aead_key, 2> derive_other_labels(
    environment& env,
    profile const& how,
    crypto::x25519_shared const& shared,
    transcript const& seen
)
{
    std::array<crypto::aead_key, 2> others;
    std::transform(
        labels_0_2().begin() + 1,
        labels_0_2().end(),
        others.begin(),
        [&](std::string_view label) {
            return derive_keys(env.crypto.hkdf, how, label, shared, seen).uplink.copy();
        }
    );
    return others;
}

}  // namespace

awaiting_proof answer_hello(
    environment& env, std::uint8_t version, hello const& message, wire_buffer& out
)
{
    auto ephemeral = env.ephemeral_keys.take();
    awaiting_proof state{
        .seen =
            {
                .nonce = {},
                .device = message.device,
                .device_key = message.public_key,
                .gateway_key = ephemeral.public_key,
            },
        .ephemeral = std::move(ephemeral.private_key),
        .version = version,
    };
    env.random.fill(state.seen.nonce);
    write(handshake_frame{version, 0}, challenge{state.seen.nonce, state.seen.gateway_key}, out);
    return state;
}

result<proven> judge_proof(
    environment& env,
    awaiting_proof const& state,
    hello_ack const& message,
    std::uint32_t sequence,
    session_facts& facts
)
{
    auto const device = env.keyring->find(facts.device, env.crypto.hkdf);
    auto const found = find_match(env, state, message, device);
    if (!device.enrolled())
        return error::unproven_device;
    if (found.how == nullptr)
        return error::unproven_key;

    facts.credential = found.key.id;
    legacy_device const name{facts.device, env.credentials};
    bool const is_guess = device.legacy_session_id() == identity::session_id_length::unknown;
    auto const legacy = is_guess ? env.hints.next(name) : device.legacy_session_id();
    auto const& how = settle_generation(*found.how, sequence, legacy);
    facts.generation = how.release;
    if (!env.config.admits(how.setting))
        return error::incompatible_generation;
    if (auto const judged = judge_key(found.key, env.wall_now); !judged)
        return judged.error();

    auto shared =
        crypto::x25519_agree(state.ephemeral, state.seen.gateway_key, state.seen.device_key);
    if (!shared)
        return shared.error();

    facts.id = env.ids.issue();
    proven made;
    made.how = &how;
    made.keys = derive_keys(env.crypto.hkdf, how, how.label, *shared, state.seen);
    if (is_legacy(how))
        made.open_questions = std::make_unique<undecided>();
    if (&how == &r0_2)
        made.open_questions->other_labels = derive_other_labels(env, how, *shared, state.seen);
    if (is_legacy(how) && is_guess) {
        using standing = legacy_hint::standing;
        facts.confirmed = env.hints.find(name) == legacy_hint{name, legacy, standing::proven};
        made.open_questions->guess.emplace(env.hints, name, legacy);
    }
    made.window = found.key.window;
    made.answer.id = make_wire_id(env, how, facts.id);
    made.answer.proof =
        gateway_proof(env.crypto.hmac, how, found.key.value, state.seen, made.answer.id);
    facts.authenticated = true;
    return made;
}

}  // namespace gatehouse::usmp
