// A listener's settings of SPP (docs/reference/configuration.md, "spp"), with their defaults.
#pragma once

#include "protocol/spp/generation.h"

#include <chrono>
#include <cstddef>

namespace gatehouse::spp {

struct options {
    // "0.2" and "0.1", the Python releases; "rs-d", an unreleased Rust form, is unsafe.
    generation_set admitted = generation_set{}.add(generation::py_0_2).add(generation::py_0_1);
    std::size_t trial_keys = 64;                 // signatures verified for one hello, at most
    std::chrono::milliseconds greet_after{500};  // without the device's hello: then greet it
    std::size_t message_limit = std::size_t{64} << 10;

    bool operator==(options const&) const = default;
};

// SPP has no keep-alive: the idle timeout of its listeners when none is written.
inline constexpr std::chrono::hours usual_idle_timeout{1};

}  // namespace gatehouse::spp
