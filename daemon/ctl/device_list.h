// `device list`: page after page, so that a million devices need no memory.
#pragma once

#include "call.h"

#include <boost/json/object.hpp>

#include <functional>
#include <string_view>

namespace gatehouse::ctl {

// Each page of the list in turn, with the text that it came as. At most --limit devices.
using device_page = std::function<void(boost::json::object const& page, std::string_view text)>;
void each_device_page(call const& what, device_page const& take);

int list_devices(call const& what);

}  // namespace gatehouse::ctl
