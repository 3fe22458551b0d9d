#include "support/pssst_fixture.h"

#include "base/file_memory.h"
#include "protocol/pssst/datagram_session.h"

#include <algorithm>

namespace gatehouse::test {

namespace {

crypto::sha256_digest digest_of(std::string const& name)
{
    crypto::sha256 hash;
    return hash.compute({as_bytes(name)});
}

identity::gateway_key make_gateway_key(pssst_gateway_key const& from, identity::key_index index)
{
    identity::gateway_key made;
    made.id = index;
    made.window = from.window;
    made.mark = from.revoked ? identity::key_mark::revoked : identity::key_mark::accepted;
    made.private_key = named_private(from.id);
    made.public_key = named_public(from.id);
    return made;
}

bool may_use(pssst_client_entry const& client, std::string const& key)
{
    return client.gateway_keys.empty() ||
           std::find(client.gateway_keys.begin(), client.gateway_keys.end(), key) !=
               client.gateway_keys.end();
}

void enrol(
    identity::keyring::parts& into,
    std::string const& name,
    crypto::x25519_public const& key,
    identity::psk_device&& entry
)
{
    auto const id = identity::device_id::from_name(name);
    into.devices.add(id, entry);
    into.peers.push_back({{key, id}, {}});
}

std::unique_ptr<identity::keyring const> finish(identity::keyring::parts&& parts)
{
    return std::make_unique<identity::keyring const>(
        std::move(parts), secret_bytes{pattern_bytes(32)}
    );
}

}  // namespace

crypto::x25519_private named_private(std::string const& name)
{
    return crypto::x25519_private::from(digest_of(name));
}

crypto::x25519_public named_public(std::string const& name)
{
    return crypto::x25519_public_of(named_private(name));
}

std::unique_ptr<identity::keyring const> make_pssst_keyring(pssst_world_setup const& from)
{
    identity::keyring::parts parts;
    parts.kind = identity::key_kind::x25519;
    parts.anonymous = from.anonymous;
    for (auto const& key : from.gateway_keys) {
        auto const index = static_cast<identity::key_index>(parts.key_ids.size());
        parts.key_ids.push_back(key.id);
        parts.gateway_keys.push_back(make_gateway_key(key, index));
    }
    for (auto const& client : from.clients) {
        identity::psk_device entry;
        entry.state = client.state;
        auto const key = named_public(client.name);
        for (std::size_t i = 0; i < from.gateway_keys.size(); ++i)
            if (auto const& with = from.gateway_keys[i]; may_use(client, with.id))
                entry.keys.push_back(
                    {static_cast<identity::key_index>(i),
                     with.window,
                     secret_bytes{key},
                     with.revoked}
                );
        enrol(parts, client.name, key, std::move(entry));
    }
    return finish(std::move(parts));
}

std::unique_ptr<identity::keyring const> recorded_pssst_keyring(
    bytes gateway_private, bytes client_public
)
{
    identity::keyring::parts parts;
    parts.kind = identity::key_kind::x25519;
    parts.anonymous = true;
    parts.key_ids = {"g1"};
    identity::gateway_key gateway;
    gateway.private_key = identity::private_key::from(gateway_private.first<32>());
    gateway.public_key = crypto::x25519_public_of(gateway.private_key);
    parts.gateway_keys.push_back(std::move(gateway));
    crypto::x25519_public key{};
    std::copy(client_public.begin(), client_public.end(), key.begin());
    identity::psk_device entry;
    entry.keys.push_back({0, {}, secret_bytes{key}, false});
    enrol(parts, "recorded", key, std::move(entry));
    return finish(std::move(parts));
}

std::shared_ptr<pssst::replay_filter> make_replay_filter(
    crypto::x25519_public const& key, std::uint64_t requests, crypto::random_source& random
)
{
    struct kept {
        file_memory::pointer memory;
        std::optional<pssst::replay_filter> filter;
    };
    std::string why;
    auto const made = std::make_shared<kept>();
    made->memory = file_memory::of_process(pssst::replay_filter::size_for(requests), why);
    pssst::replay_filter::make(made->memory->memory(), key, requests, random);
    made->filter.emplace(*made->memory);
    return {made, &*made->filter};
}

pssst_world::pssst_world(pssst_world_setup const& from)
    : setup{from}
    , env{
          .config = setup.config,
          .crypto = crypto,
          .random = random,
          .ids = ids,
          .known = known,
          .wall_now = setup.wall_now,
      }
    , door{env}
    , now{setup.now}
{
    use(make_pssst_keyring(setup));
}

void pssst_world::use(std::unique_ptr<identity::keyring const> other)
{
    filters.clear();
    for (auto const& key : other->gateway_keys())
        filters.push_back(make_replay_filter(key.public_key, setup.once, random));
    env.use(*other, filters);
    keyring = std::move(other);
}

void pssst_world::forget_all_but_filters()
{
    memory.emplace(setup.remembered, crypto.sha256, random);
}

device::pssst_request pssst_world::request(
    bytes message, std::string const& client, std::string const& gateway_key
)
{
    auto const gateway = named_public(gateway_key);
    if (client.empty())
        return *device::pssst_device{crypto, gateway}.request(random, message);
    auto const own = device::pssst_device::with_key(crypto, gateway, named_private(client));
    return *own->request(random, message);
}

datagram_session_ptr pssst_world::arrives(bytes packet)
{
    out.clear();
    arrived = copy_of(packet);
    refused = {};
    auto const look = door.look(arrived);
    if (look.what == datagram_look::verdict::refused) {
        refused = look.why;
        return nullptr;
    }
    auto const from = peer_address::v4({192, 0, 2, 1}, 40000);
    welcomed = door.meet(now, from, arrived, out);
    if (welcomed != datagram_door::welcome::open)
        return nullptr;
    auto session = door.open(now + reply_time);
    auto const taken = session->receive(now, arrived, out);
    if (taken)
        return session;
    refused = taken.error();
    return nullptr;
}

}  // namespace gatehouse::test
