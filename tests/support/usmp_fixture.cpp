#include "support/usmp_fixture.h"

#include "support/vector_file.h"

#include <memory>
#include <stdexcept>
#include <utility>

namespace gatehouse::test {

namespace {

// One for all worlds: its contexts carry nothing over from use to use.
crypto::workbench& workbench()
{
    static crypto::workbench bench;
    return bench;
}

identity::key_index name_key(std::vector<std::string>& key_ids)
{
    key_ids.push_back("key-" + std::to_string(key_ids.size()));
    return static_cast<identity::key_index>(key_ids.size() - 1);
}

identity::psk_device make_device(enrolled_device const& enrolled, std::vector<std::string>& key_ids)
{
    identity::psk_device made;
    made.legacy_session_id = enrolled.legacy;
    made.state = enrolled.state;
    for (auto const& key : enrolled.keys)
        made.keys.push_back({name_key(key_ids), key.window, secret_bytes{key.value}, key.revoked});
    return made;
}

identity::master_key make_master(enrolled_master const& enrolled, std::vector<std::string>& key_ids)
{
    return {
        name_key(key_ids),
        enrolled.window,
        identity::device_prefix::make(parse_id(enrolled.first), enrolled.bits).value(),
        identity::extract_master(enrolled.value),
    };
}

}  // namespace

usmp::settings all_generations_admitted()
{
    usmp::settings made;
    made.admit_v1 = true;
    made.admit_v1_bound = true;
    made.idle_timeout = std::chrono::seconds{60};
    made.max_session_age = std::chrono::hours{24};
    return made;
}

identity::device_id parse_id(std::string const& mac)
{
    auto const id = identity::device_id::parse_mac(mac);
    if (!id)
        throw std::invalid_argument{"not a device id: " + mac};
    return *id;
}

std::unique_ptr<identity::keyring const> make_keyring(
    std::vector<enrolled_device> const& devices, std::vector<enrolled_master> const& masters
)
{
    identity::keyring::parts parts;
    for (auto const& enrolled : devices) {
        auto made = make_device(enrolled, parts.key_ids);
        if (enrolled.mac == "*")
            parts.wildcard = std::move(made);
        else
            parts.devices.add(parse_id(enrolled.mac), made);
    }
    for (auto const& enrolled : masters)
        parts.masters.push_back(make_master(enrolled, parts.key_ids));
    return std::make_unique<identity::keyring const>(
        std::move(parts), secret_bytes{as_bytes("nobody's key, of 32 random bytes")}
    );
}

reference_device::setup usual_device(wire_generation generation)
{
    return {
        .generation = generation,
        .psk = usual_psk(),
        .device_id = copy_of(parse_id(usual_mac).raw()),
    };
}

usmp_world_setup world_of(vector_file const& vectors)
{
    auto const id = identity::device_id::from_mac(
        bytes{vectors.device_id}.first<identity::device_id::mac_size>()
    );
    usmp_world_setup made;
    made.devices = {{id.text(), {{vectors.psk}}}};
    if (vectors.generation == "B")
        made.devices.front().legacy = identity::session_id_length::sixteen;
    // The order in which the gateway draws: its ephemeral key, the nonce, the session id.
    append(made.random, vectors.server_private);
    append(made.random, vectors.nonce);
    append(made.random, vectors.session_id);
    made.first_id = 0;
    if (vectors.session_id.size() == 16)
        for (auto const byte : bytes{vectors.session_id}.first(8))
            made.first_id = made.first_id << 8 | byte;
    return made;
}

usmp_world::usmp_world(usmp_world_setup const& setup)
    : random{setup.random}
    , ids{setup.first_id}
    , keyring{make_keyring(setup.devices, setup.masters)}
    , env{
          .config = setup.config,
          .keyring = keyring.get(),
          .crypto = workbench(),
          .random = random,
          .ephemeral_keys = pool,
          .ids = ids,
          .hints = hints,
          .blocks = blocks,
          .wall_now = setup.wall_now,
      }
{
    for (auto const& hint : setup.hints)
        hints.remember(hint);
}

}  // namespace gatehouse::test
