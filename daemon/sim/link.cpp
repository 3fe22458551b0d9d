#include "link.h"

#include "datagram_link.h"
#include "stream_link.h"

namespace gatehouse::sim {

std::unique_ptr<link> make_link(
    executor const& where, toolbox& tools, device_options const& options
)
{
    if (options.over == transport::udp)
        return std::make_unique<datagram_link>(where, tools, options);
    return std::make_unique<stream_link>(where, tools, options);
}

}  // namespace gatehouse::sim
