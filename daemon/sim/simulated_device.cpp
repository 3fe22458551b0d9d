#include "simulated_device.h"

#include "device/spp_device.h"
#include "device/usmp_device.h"

namespace gatehouse::sim {

std::unique_ptr<device::stream_device> make_stream_device(
    toolbox& tools, device_options const& options, std::uint64_t index
)
{
    if (options.protocol == device_protocol::spp)
        return std::make_unique<device::spp_device>(tools.spp, options.spp);
    auto settings = options.settings;
    settings.id = device_id_after(settings.id, index);
    return std::make_unique<device::usmp_device>(tools.environment, settings);
}

}  // namespace gatehouse::sim
