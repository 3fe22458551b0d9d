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

// Turns the proof's form into the generation, with what else tells generations apart.
profile const& settle_generation(
    environment& env,
    profile const& form,
    awaiting_proof const& state,
    std::uint32_t sequence,
    identity::found_device const& device
)
{
    if (&form == &r1_2)
        return sequence == hello_ack_sequence_1_1 ? r1_2 : r1_0;
    if (&form != &r0_2)
        return form;
    using identity::session_id_length;
    auto length = device.legacy_session_id();
    if (length == session_id_length::unknown)
        length = env.hints.find(identity::device_id::from_mac(state.seen.device));
    return length == session_id_length::sixteen ? r0_3 : r0_2;
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

std::unique_ptr<std::array<crypto::aead_key, 2>> derive_other_labels(
    environment& env,
    profile const& how,
    crypto::x25519_shared const& shared,
    transcript const& seen
)
{
    if (&how != &r0_2)
        return nullptr;
    auto others = std::make_unique<std::array<crypto::aead_key, 2>>();
    std::transform(
        labels_0_2().begin() + 1,
        labels_0_2().end(),
        others->begin(),
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
    auto const& how = settle_generation(env, *found.how, state, sequence, device);
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
    made.other_labels = derive_other_labels(env, how, *shared, state.seen);
    made.window = found.key.window;
    made.answer.id = make_wire_id(env, how, facts.id);
    made.answer.proof =
        gateway_proof(env.crypto.hmac, how, found.key.value, state.seen, made.answer.id);
    facts.authenticated = true;
    return made;
}

}  // namespace gatehouse::usmp
