// Everything that a USMP session needs around it, made from a plain description, so that the same
// world can be made again and again.
#pragma once

#include "protocol/usmp/environment.h"
#include "support/byte_string.h"
#include "support/counting_ids.h"
#include "support/reference_device.h"
#include "support/scripted_random.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gatehouse::test {

struct vector_file;

struct enrolled_key {
    byte_string value;
    identity::key_window window{};
    bool revoked = false;
};

struct enrolled_device {
    std::string mac;                 // "*" is the wildcard
    std::vector<enrolled_key> keys;  // newest first
    identity::session_id_length legacy = identity::session_id_length::unknown;
    identity::device_state state = identity::device_state::enabled;
};

// A fleet without a list.
struct enrolled_master {
    byte_string value;
    std::string first;  // the address of the range, and its leading bits
    unsigned bits = 24;
    identity::key_window window{};
};

// What the tests call their device unless they say otherwise.
inline constexpr char const* usual_mac = "02:00:00:00:00:01";
inline byte_string usual_psk()
{
    return text_bytes("a key of 32 bytes, as it should be");
}

usmp::settings all_generations_admitted();

struct usmp_world_setup {
    usmp::settings config = all_generations_admitted();
    std::vector<enrolled_device> devices{{usual_mac, {{usual_psk()}}}};
    std::vector<enrolled_master> masters{};  // newest first
    byte_string random{};                    // the first draws; a seeded stream follows
    std::uint64_t first_id = 0x0102030405060708;
    std::vector<usmp::legacy_hint> hints{};
    wall_time wall_now{std::chrono::sys_days{std::chrono::year{2026} / 7 / 1}};
    time_point now = time_point{} + std::chrono::hours{1};
    duration handshake_time = std::chrono::seconds{10};
};

// The world in which the gateway's frames come out exactly as recorded.
usmp_world_setup world_of(vector_file const& vectors);

// The device of the usual world; key and id are as enrolled.
reference_device::setup usual_device(wire_generation generation);

identity::device_id parse_id(std::string const& mac);

// The ids of the keys are "key-0", "key-1", ... in this order, the masters' behind the devices'.
std::unique_ptr<identity::keyring const> make_keyring(
    std::vector<enrolled_device> const& devices, std::vector<enrolled_master> const& masters = {}
);

struct usmp_world {
    explicit usmp_world(usmp_world_setup const& setup);
    usmp_world(usmp_world const&) = delete;
    usmp_world& operator=(usmp_world const&) = delete;

    scripted_random random;
    crypto::x25519_key_pool pool{random, 0};
    counting_ids ids;
    usmp::legacy_hints hints{64};
    block_pool blocks{4};
    std::unique_ptr<identity::keyring const> keyring;
    usmp::environment env;
};

}  // namespace gatehouse::test
