#include "simulated_device.h"

#include "device/spp_device.h"
#include "device/usmp_device.h"

namespace gatehouse::sim {

std::unique_ptr<device::stream_device> make_stream_device(
    toolbox& tools, device_options const& options, std::uint64_t index
)
{
    if (options.protocol == device_protocol::spp) {
        auto settings = options.spp;
        if (options.fleet) {
            auto const& own = options.fleet->of(static_cast<std::uint32_t>(index));
            settings.key = &own.private_key;
            settings.own = own.public_key;
        }
        return std::make_unique<device::spp_device>(tools.spp, settings);
    }
    auto settings = options.settings;
    settings.id = device_id_after(settings.id, index);
    return std::make_unique<device::usmp_device>(tools.environment, settings);
}

}  // namespace gatehouse::sim
