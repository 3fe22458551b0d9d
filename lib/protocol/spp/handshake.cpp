#include "protocol/spp/handshake.h"

#include "protocol/key_judgement.h"
#include "protocol/spp/key_schedule.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace gatehouse::spp {

namespace {

using identity::gateway_key;
using identity::keyed_peer;

bool has_signed(environment& env, keyed_peer const& peer, hello const& message)
{
    return env.crypto.ed25519.verify(peer.public_key, message.ephemeral, message.signature);
}

// The devices that may come from an address, those first that were last seen there.
struct candidate_list {
    std::span<std::uint32_t const> all;
    std::size_t seen_there = 0;
};

// Of strangers it is another one each time that comes first: where the budget does not reach all
// of them, a device that tries again gets its turn.
candidate_list order_candidates(environment& env, identity::source_address const& from)
{
    env.candidates.resize(env.config.trial_keys);
    auto const count = env.keyring->peer_sources().find(from, env.candidates);
    auto const found = std::span{env.candidates}.first(count);
    auto next = found.begin();
    env.hints.look_up(from, env.seen);
    for (auto const& key : env.seen) {
        auto const at = std::find_if(next, found.end(), [&](std::uint32_t peer) {
            return env.keyring->peers()[peer].public_key == key;
        });
        if (at != found.end())
            std::iter_swap(next++, at);
    }
    if (next != found.end()) {
        auto const strangers = static_cast<std::size_t>(found.end() - next);
        auto const first = static_cast<std::ptrdiff_t>(env.first_stranger % strangers);
        std::rotate(next, next + first, found.end());
    }
    return {found, static_cast<std::size_t>(next - found.begin())};
}

// Whose hello it is. Errors: unproven_signature, nobody's that may come from there;
// limit_hello_trials, too many hellos of strangers to find out.
result<keyed_peer const*> find_peer(environment& env, arrived_hello const& arrived)
{
    auto const candidates = order_candidates(env, arrived.from.ip);
    for (std::size_t i = 0; i < candidates.all.size(); ++i) {
        if (i >= candidates.seen_there && !env.trials.take(arrived.when, arrived.from)) {
            env.first_stranger += i - candidates.seen_there;
            return error::limit_hello_trials;
        }
        auto const& peer = env.keyring->peers()[candidates.all[i]];
        if (has_signed(env, peer, arrived.message))
            return &peer;
    }
    return error::unproven_signature;
}

bool is_own_identity(identity::keyring const& ring, identity::public_key const& key)
{
    auto const own = ring.gateway_keys();
    return std::any_of(own.begin(), own.end(), [&](auto const& one) {
        return one.public_key == key;
    });
}

result<> judge_listed(std::optional<identity::enrolled_key> const& key, wall_time now)
{
    return key ? judge_key(*key, now) : error::unproven_gateway_key;
}

// The gateway key that a device expects: the newest that it may use now. The error is that of the
// newest that it may ever use.
result<gateway_key const*> choose_key(
    environment const& env, identity::device_id const& device, session_facts& facts
)
{
    std::optional<error> first;
    for (auto const& one : env.keyring->gateway_keys()) {
        auto const judged = judge_listed(env.keyring->peer_key(device, one.id), env.wall_now);
        if (judged) {
            facts.credential = one.id;
            return &one;
        }
        if (first || judged.error() == error::unproven_gateway_key)
            continue;
        first = judged.error();
        facts.credential = one.id;
    }
    return first.value_or(error::unproven_gateway_key);
}

gateway_key const* find_key(identity::keyring const& ring, identity::key_index id)
{
    auto const all = ring.gateway_keys();
    auto const found =
        std::find_if(all.begin(), all.end(), [&](auto const& one) { return one.id == id; });
    return found == all.end() ? nullptr : &*found;
}

// The key that was greeted with, if the device may use it.
result<gateway_key const*> confirm_key(
    environment const& env,
    identity::key_index greeted_with,
    identity::device_id const& device,
    session_facts& facts
)
{
    facts.credential = greeted_with;
    auto const* key = find_key(*env.keyring, greeted_with);
    if (key == nullptr)
        return error::unproven_gateway_key;
    if (auto const judged = judge_listed(env.keyring->peer_key(device, greeted_with), env.wall_now);
        !judged)
        return judged.error();
    return key;
}

void say_hello(
    environment& env,
    gateway_key const& key,
    crypto::x25519_public const& ephemeral,
    wire_buffer& out
)
{
    hello const message{
        env.crypto.ed25519.sign(key.private_key, key.public_key, ephemeral), ephemeral};
    write(message, out);
}

// The keys of both sides are still what they were when the hellos were exchanged.
result<identity::key_window> confirm_device(
    environment const& env, awaiting_first_record::agreed const& between, session_facts const& facts
)
{
    auto const* own = find_key(*env.keyring, facts.credential);
    auto const listed = env.keyring->find_peer(between.device_key);
    if (own == nullptr || own->public_key != between.gateway_key || listed != facts.device)
        return error::unproven_revoked_key;
    auto const key = env.keyring->peer_key(facts.device, facts.credential);
    if (auto const judged = judge_listed(key, env.wall_now); !judged)
        return judged.error();
    return key->window;
}

struct opened_record {
    generation how{};
    crypto::aead_key key;
    bytes text;
};

// A failed trial leaves garbage behind, so each needs the original back.
result<opened_record> try_generations(
    environment& env, crypto::x25519_shared const& shared, mutable_bytes record
)
{
    std::vector<std::uint8_t> const original{record.begin(), record.end()};
    for (auto const how : all_generations) {
        auto key = derive_key(env.crypto, how, shared);
        if (auto const text = open_record(env.crypto.chacha, key, record))
            return opened_record{how, std::move(key), *text};
        std::copy(original.begin(), original.end(), record.begin());
    }
    return error::unproven_frame;
}

}  // namespace

result<awaiting_hello> greet(environment& env, wire_buffer& out)
{
    auto const own = env.keyring->gateway_keys();
    auto const key = std::find_if(own.begin(), own.end(), [&](auto const& one) {
        return one.accepted_at(env.wall_now);
    });
    if (key == own.end())
        return error::unproven_expired_key;
    auto sent = std::make_unique<greeting>(greeting{env.ephemeral_keys.take(), key->id});
    say_hello(env, *key, sent->ephemeral.public_key, out);
    return awaiting_hello{std::move(sent)};
}

result<awaiting_first_record> judge_hello(
    environment& env,
    awaiting_hello const& state,
    arrived_hello const& arrived,
    session_facts& facts,
    wire_buffer& out
)
{
    auto const& message = arrived.message;
    auto const* sent = state.sent.get();
    if (sent != nullptr && sent->ephemeral.public_key == message.ephemeral)
        return error::unproven_own_key;
    auto const found = find_peer(env, arrived);
    if (!found)
        return found.error();
    auto const* const peer = *found;
    facts.device = peer->device;
    if (is_own_identity(*env.keyring, peer->public_key))
        return error::unproven_own_identity;
    auto const own = sent != nullptr ? confirm_key(env, sent->gateway_key, peer->device, facts)
                                     : choose_key(env, peer->device, facts);
    if (!own)
        return own.error();

    auto const fresh = sent != nullptr ? crypto::x25519_key_pair{} : env.ephemeral_keys.take();
    auto const& ephemeral = sent != nullptr ? sent->ephemeral : fresh;
    auto shared =
        crypto::x25519_agree(ephemeral.private_key, ephemeral.public_key, message.ephemeral);
    if (!shared)
        return shared.error();
    if (sent == nullptr)
        say_hello(env, **own, ephemeral.public_key, out);
    return awaiting_first_record{std::make_unique<awaiting_first_record::agreed const>(
        awaiting_first_record::agreed{std::move(*shared), peer->public_key, (*own)->public_key}
    )};
}

result<first_record> judge_first_record(
    environment& env, awaiting_first_record const& state, mutable_bytes record, session_facts& facts
)
{
    auto opened = try_generations(env, state.between->shared, record);
    if (!opened)
        return opened.error();
    facts.generation = name_of(opened->how);
    if (!env.config.admitted.contains(opened->how))
        return error::incompatible_generation;
    auto const payload = judge_sequence(opened->how, opened->text, 1);
    if (!payload)
        return payload.error();
    auto const window = confirm_device(env, *state.between, facts);
    if (!window)
        return window.error();
    facts.id = env.ids.issue();
    facts.authenticated = true;
    return first_record{{opened->how, std::move(opened->key), *window}, *payload};
}

}  // namespace gatehouse::spp
