// What all simulated devices of this process share: one thread, one set of buffers.
#pragma once

#include "protocol/output.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace gatehouse::sim {

inline constexpr std::size_t read_buffer_size = std::size_t{128} * 1024;

struct toolbox {
    toolbox() = default;
    ~toolbox() = default;
    toolbox(toolbox const&) = delete;
    toolbox& operator=(toolbox const&) = delete;

    output out;  // empty between calls
    std::array<std::uint8_t, read_buffer_size> read_buffer{};
};

}  // namespace gatehouse::sim
