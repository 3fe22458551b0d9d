// What the tests of keyrings share: devices, keys and masters in a line.
#pragma once

#include "crypto/hkdf.h"
#include "identity/keyring.h"
#include "support/byte_string.h"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::test {

constexpr wall_time noon{std::chrono::seconds{1'800'000'000}};
constexpr std::chrono::seconds second{1};
constexpr std::chrono::days day{1};

inline identity::device_id id_of(std::string_view mac)
{
    return *identity::device_id::parse_mac(mac);
}

inline identity::pre_shared_key key(
    identity::key_index id, std::string_view value, identity::key_window window = {}
)
{
    return {id, window, secret_bytes{text_bytes(value)}};
}

// Moves the keys in, which an initializer list cannot.
template <class... Keys>
identity::psk_device device_with(Keys... keys)
{
    identity::psk_device made;
    (made.keys.push_back(std::move(keys)), ...);
    return made;
}

inline identity::master_key master(
    identity::key_index id,
    std::string_view value,
    unsigned bits = 24,
    identity::key_window window = {}
)
{
    auto const devices = identity::device_prefix::around(id_of("02:00:00:00:00:00"), bits).value();
    return {id, window, devices, identity::extract_master(text_bytes(value))};
}

inline std::shared_ptr<identity::keyring const> make(identity::keyring::parts parts)
{
    return std::make_shared<identity::keyring const>(
        std::move(parts), secret_bytes{text_bytes("decoy")}
    );
}

inline identity::found_device find(identity::keyring const& ring, std::string_view mac)
{
    crypto::hkdf_sha256 hkdf;
    return ring.find(id_of(mac), hkdf);
}

// The next snapshot, with one entry changed or removed.
inline std::shared_ptr<identity::keyring const> change(
    identity::keyring const& ring, std::string_view mac, std::optional<identity::psk_device> entry
)
{
    identity::keyring_changes changes;
    changes.devices.emplace_back(id_of(mac), std::move(entry));
    return ring.with(std::move(changes));
}

}  // namespace gatehouse::test
