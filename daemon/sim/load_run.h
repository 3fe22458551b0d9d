// What the devices of one load run share beyond what all do: its phase, and what happened.
#pragma once

#include "base/time.h"
#include "latencies.h"
#include "load_options.h"
#include "run_environment.h"

#include <cstdint>
#include <map>
#include <string>

namespace gatehouse::sim {

struct tally {
    std::uint64_t handshakes = 0;
    std::uint64_t handshakes_failed = 0;  // attempts, connecting included
    std::uint64_t sessions_lost = 0;
    std::uint64_t sent = 0;
    std::uint64_t delivered = 0;  // UDP: acknowledged, in sessions that have ended
    std::uint64_t repeated = 0;   // UDP: frames sent again, likewise
    std::uint64_t received = 0;
    std::uint64_t echoes_missing = 0;  // of sessions that ended before
    latencies handshake_times;
    latencies echo_times;
    std::map<std::string, std::uint64_t> failures;  // by what went wrong
};

enum class load_phase : std::uint8_t { connecting, holding, sending, draining, leaving, over };

struct load_run : run_environment {
    // `load` outlives the run.
    load_run(load_options const& load, executor const& on)
        : run_environment{load.device, load.devices, on}
        , options{load}
        , message(load.size, 'x')
    {
    }

    load_options const& options;
    time_point started{};
    load_phase phase = load_phase::connecting;
    std::uint32_t settled = 0;  // devices that got in, or failed, at least once
    std::uint32_t shaking_hands = 0;
    std::uint32_t established = 0;
    std::uint32_t connections = 0;  // that are open
    std::uint64_t awaited = 0;      // echoes under way
    time_point last_handshake{};
    tally counts{};
    std::string message;  // filled once, but for its stamp
};

}  // namespace gatehouse::sim
