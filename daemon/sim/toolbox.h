// What all simulated devices of this process share: one thread, one set of contexts and buffers.
#pragma once

#include "base/block_pool.h"
#include "crypto/random.h"
#include "crypto/workbench.h"
#include "device/spp_device.h"
#include "device/usmp_environment.h"
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

    crypto::workbench crypto;
    crypto::system_random random;
    block_pool blocks{64};
    device::usmp_environment environment{crypto, random, blocks};
    device::spp_environment spp{crypto, random};
    output out;  // empty between calls
    std::array<std::uint8_t, read_buffer_size> read_buffer{};
};

}  // namespace gatehouse::sim
