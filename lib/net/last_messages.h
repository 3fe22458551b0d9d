// What still counts of a device whose session the gateway has ended.
#pragma once

#include "base/end_reason.h"

namespace gatehouse {

// After these the device's last messages still count; after the others nothing of it does.
constexpr bool takes_last_messages(end_reason reason) noexcept
{
    return reason == end_reason::shutdown || reason == end_reason::idle ||
           reason == end_reason::age;
}

}  // namespace gatehouse
