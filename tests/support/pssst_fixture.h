// Everything that PSSST requests need around them, made from a plain description.
#pragma once

#include "device/pssst_device.h"
#include "protocol/pssst/datagram_door.h"
#include "protocol/pssst/environment.h"
#include "support/byte_string.h"
#include "support/counting_ids.h"
#include "support/scripted_random.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::test {

// The private key that is known by this name.
crypto::x25519_private named_private(std::string const& name);
crypto::x25519_public named_public(std::string const& name);

struct pssst_gateway_key {
    std::string id = "g1";  // and the name of its private key
    identity::key_window window{};
    bool revoked = false;
};

struct pssst_client_entry {
    std::string name;
    std::vector<std::string> gateway_keys{};  // ids of those that it may use; empty: all
    identity::device_state state = identity::device_state::enabled;
};

struct pssst_world_setup {
    std::vector<pssst_gateway_key> gateway_keys{{}};  // newest first
    std::vector<pssst_client_entry> clients{{"meter-4"}};
    bool anonymous = true;
    pssst::options config{};
    std::uint64_t once = 16'384;  // requests of each gateway key
    pssst::duplicate_cache::bounds remembered{1024, std::size_t{1} << 20, std::chrono::minutes{5}};
    wall_time wall_now{std::chrono::sys_days{std::chrono::year{2026} / 7 / 1}};
    time_point now = time_point{} + std::chrono::hours{1};
};

std::unique_ptr<identity::keyring const> make_pssst_keyring(pssst_world_setup const& from);

// A keyring around one recorded gateway key, with one recorded client called "recorded".
std::unique_ptr<identity::keyring const> recorded_pssst_keyring(
    bytes gateway_private, bytes client_public
);

// A replay filter in memory of its own, as of a key that has answered nothing.
std::shared_ptr<pssst::replay_filter> make_replay_filter(
    crypto::x25519_public const& key, std::uint64_t requests, crypto::random_source& random
);

struct pssst_world {
    explicit pssst_world(pssst_world_setup const& from = {});
    pssst_world(pssst_world const&) = delete;
    pssst_world& operator=(pssst_world const&) = delete;

    // A packet of a device, or of an anonymous client.
    device::pssst_request request(
        bytes message, std::string const& client = {}, std::string const& gateway_key = "g1"
    );

    // Another keyring, whose keys have answered nothing.
    void use(std::unique_ptr<identity::keyring const> other);
    // What a restart leaves: the filters.
    void forget_all_but_filters();

    // What a listener makes of a datagram: nothing, a repeated reply in `out`, or a session.
    datagram_session_ptr arrives(bytes packet);
    error refused{};  // why the last one was
    datagram_door::welcome welcomed{};
    duration reply_time = std::chrono::seconds{10};

    scripted_random random;
    crypto::workbench crypto;
    counting_ids ids{0x0102030405060708};
    pssst_world_setup setup;
    std::unique_ptr<identity::keyring const> keyring;
    std::vector<std::shared_ptr<pssst::replay_filter>> filters;  // of its gateway keys
    std::optional<pssst::duplicate_cache> memory;
    pssst::duplicate_cache& known{memory.emplace(setup.remembered, crypto.sha256, random)};
    pssst::environment env;
    pssst::datagram_door door;
    output out;
    time_point now;
    byte_string arrived;  // which messages point into
};

}  // namespace gatehouse::test
