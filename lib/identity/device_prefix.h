// A range of USMP device ids that begin alike: an address and a number of leading bits.
#pragma once

#include "identity/device_id.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace gatehouse::identity {

class device_prefix {
public:
    static constexpr unsigned most_bits = 8 * device_id::mac_size;

    // Nothing when `address` has bits behind the prefix, is no MAC address, or `bits` are too many.
    static std::optional<device_prefix> make(device_id const& address, unsigned bits) noexcept;

    // The one that `address` is in, bits behind the prefix or not.
    static std::optional<device_prefix> around(device_id const& address, unsigned bits) noexcept;

    bool covers(device_id const& device) const noexcept;
    bool covers(device_prefix const& other) const noexcept;
    bool operator==(device_prefix const&) const noexcept = default;

    // "02:00:00:00:00:00/24"
    std::string text() const;

private:
    device_prefix(std::uint64_t address, unsigned bits) noexcept : address_{address}, bits_{bits} {}

    std::uint64_t address_;  // as a number of 48 bits
    unsigned bits_;
};

}  // namespace gatehouse::identity
