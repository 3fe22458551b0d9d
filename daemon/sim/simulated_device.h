// The device's end of whatever protocol the options name.
#pragma once

#include "device/stream_device.h"
#include "device_options.h"
#include "toolbox.h"

#include <cstdint>
#include <memory>

namespace gatehouse::sim {

// Device `index` of a fleet, over TCP. Tools and options outlive it.
std::unique_ptr<device::stream_device> make_stream_device(
    toolbox& tools, device_options const& options, std::uint64_t index
);

}  // namespace gatehouse::sim
