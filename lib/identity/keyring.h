// Who may connect, with which key, from when to when: one credential set as an immutable snapshot.
//
// Built whole by the loader, then shared read-only between workers. Wall time is an argument.
#pragma once

#include "base/bytes.h"
#include "base/secret.h"
#include "base/time.h"
#include "identity/device_id.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace gatehouse::identity {

// Index into keyring::key_ids().
using key_index = std::uint32_t;

// The times between which a key is accepted: [not_before, not_after).
struct key_window {
    wall_time not_before = wall_time::min();
    wall_time not_after = wall_time::max();

    bool open_at(wall_time now) const noexcept { return now >= not_before && now < not_after; }
};

struct pre_shared_key {
    key_index id = 0;
    key_window window;
    secret_bytes value;
};

// What a USMP 0.2/0.3 device expects as its session id (docs/protocols/usmp.md, "0.2 or 0.3").
enum class session_id_length : std::uint8_t { unknown = 0, four = 4, sixteen = 16 };

struct psk_device {
    std::string name;                  // optional, for people
    std::vector<pre_shared_key> keys;  // newest first, at least one
    session_id_length legacy_session_id = session_id_length::unknown;
};

enum class key_state : std::uint8_t { pending, active, expiring, expired };

class keyring {
public:
    struct parts {
        std::vector<std::string> key_ids;
        std::unordered_map<device_id, psk_device> devices;
        std::optional<psk_device> wildcard;  // the entry "*"
    };

    // `decoy` is random: the key that an unknown device is tried with.
    keyring(parts contents, secret_bytes decoy);

    // The device's own entry, else the wildcard's, else nullptr. Lives as long as the keyring.
    psk_device const* find(device_id const& id) const noexcept;

    // The largest number of keys that any device has: how many trials every hello_ack costs,
    // enrolled or not, so that the time tells nothing.
    std::size_t trials() const noexcept { return trials_; }
    bytes decoy() const noexcept { return decoy_.expose(); }

    std::vector<std::string> const& key_ids() const noexcept { return contents_.key_ids; }
    std::size_t device_count() const noexcept { return contents_.devices.size(); }
    bool has_wildcard() const noexcept { return contents_.wildcard.has_value(); }

    // How many keys are in `state` at `now`; a key is expiring when its window closes within
    // `expiring_within`.
    std::size_t count(key_state state, wall_time now) const noexcept;

private:
    parts contents_;
    secret_bytes decoy_;
    std::size_t trials_ = 1;
    std::vector<key_window> windows_;
};

// A key that closes within this time counts as expiring.
inline constexpr std::chrono::days expiring_within{7};

}  // namespace gatehouse::identity
