// What this machine's own names stand for: localhost, and its network interfaces. Any thread; asks
// the kernel each time, and no name server.
#pragma once

#include "config/host_names.h"

namespace gatehouse {

class interface_names final : public config::host_names {
public:
    // 127.0.0.1 for localhost; else the interface's first IPv4 address, or its first IPv6 address
    // that is not link-local.
    config::named_address find(std::string const& name) const override;
};

}  // namespace gatehouse
