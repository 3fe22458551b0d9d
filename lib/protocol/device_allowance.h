// May a device say more now? Asked by protocols that cannot leave what it says unread.
#pragma once

#include "base/time.h"
#include "identity/device_id.h"

namespace gatehouse {

class device_allowance {
public:
    device_allowance(device_allowance const&) = delete;
    device_allowance& operator=(device_allowance const&) = delete;

    virtual bool may_send(time_point now, identity::device_id const& device) const = 0;

protected:
    device_allowance() = default;
    ~device_allowance() = default;
};

}  // namespace gatehouse
