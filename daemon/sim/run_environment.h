// What the devices of one run share: one thread, its time, one set of buffers.
#pragma once

#include "agenda.h"
#include "device_options.h"
#include "net/clock.h"
#include "net/task.h"
#include "protocol/output.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace gatehouse::sim {

class datagram_traffic;

inline constexpr std::size_t read_buffer_size = std::size_t{128} * 1024;

struct run_environment {
    // `options` outlive this.
    run_environment(device_options const& options, std::uint32_t count, executor const& on)
        : device{options}
        , devices{count}
        , where{on}
    {
        wake();
    }
    ~run_environment() = default;
    run_environment(run_environment const&) = delete;
    run_environment& operator=(run_environment const&) = delete;

    // First of all that happens on the thread, once each time.
    void wake()
    {
        now = read_clock();
        device.kind->tell_time(read_wall_clock());
    }

    device_options const& device;
    std::uint32_t devices;
    executor where;
    time_point now{};
    agenda due;
    datagram_traffic* traffic = nullptr;  // UDP only
    output out;                           // empty between calls
    std::array<std::uint8_t, read_buffer_size> read_buffer{};
};

}  // namespace gatehouse::sim
