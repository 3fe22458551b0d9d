// A listener's settings of PSSST (docs/reference/configuration.md, "pssst"), with their defaults.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace gatehouse::pssst {

struct options {
    // What is remembered of accepted requests, so that none is answered in two ways.
    struct duplicate_bounds {
        std::size_t entries = 65'536;
        std::size_t bytes = std::size_t{16} << 20;
        std::chrono::milliseconds window = std::chrono::minutes{5};
        bool operator==(duplicate_bounds const&) const = default;
    };

    std::chrono::milliseconds reply_timeout = std::chrono::seconds{10};
    std::size_t max_reply = 1'232;  // bytes of a reply's datagram
    duplicate_bounds duplicates{};
    // What each key of the gateway may accept in its life: so many requests are never taken twice.
    std::uint64_t once_requests = 10'000'000;

    bool operator==(options const&) const = default;
};

}  // namespace gatehouse::pssst
