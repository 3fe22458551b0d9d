// The USMP releases that a simulated device can be built like (docs/protocols/usmp.md,
// "Generations").
//
// Most facts are the profile's, which both ends share; what only the device's end shows stands
// here.
#pragma once

#include "protocol/usmp/profile.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace gatehouse::device {

struct usmp_release {
    std::string_view name;  // "1.2"; static storage
    usmp::profile const* how;
    std::uint32_t hello_ack_sequence;     // 2 from 1.1 on, 0 before
    bool can_rekey;                       // sends and follows REKEY: 1.2 on
    bool over_udp;                        // 0.4.7 on
    std::uint32_t second_hello_sequence;  // over UDP, with the cookie: 1 from 1.1 on, 0 before
};

// Oldest first: 0.2, 0.3, 0.4.7, 0.5, 1.0, 1.1, 1.2.
std::span<usmp_release const> usmp_releases() noexcept;

// By name, or nullptr.
usmp_release const* find_usmp_release(std::string_view name) noexcept;

// The release that a profile is named after.
usmp_release const& usmp_release_of(usmp::profile const& how) noexcept;

}  // namespace gatehouse::device
