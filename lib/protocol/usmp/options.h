// A listener's settings of USMP (docs/reference/configuration.md, "usmp"), with their defaults.
#pragma once

#include "crypto/aead.h"
#include "protocol/usmp/profile.h"

#include <cstdint>

namespace gatehouse::usmp {

// When a datagram listener asks a device to prove its address first.
enum class cookie_policy : std::uint8_t { automatic, always, never };

struct options {
    bool admit_v2 = true;         // "2": releases 0.5 and later
    bool admit_v1_bound = false;  // "1-bound": 0.4.7, unsafe
    bool admit_v1 = false;        // "1": 0.2.x and 0.3.x, unsafe
    crypto::aead_algorithm cipher = crypto::aead_algorithm::aes_256_gcm;
    cookie_policy cookies = cookie_policy::automatic;     // over datagrams only
    std::uint64_t frame_budget = std::uint64_t{1} << 29;  // frames a direction before REKEY or BYE

    bool admits(generation_setting generation) const noexcept
    {
        switch (generation) {
        case generation_setting::v1:
            return admit_v1;
        case generation_setting::v1_bound:
            return admit_v1_bound;
        case generation_setting::v2:
            return admit_v2;
        }
        return false;
    }

    // Is any generation admitted whose frames carry this version byte?
    bool admits_version(std::uint8_t version) const noexcept
    {
        return (version == 1 && (admit_v1 || admit_v1_bound)) || (version == 2 && admit_v2);
    }

    bool operator==(options const&) const = default;
};

}  // namespace gatehouse::usmp
