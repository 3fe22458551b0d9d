#include "config/address_overlap.h"

namespace gatehouse::config {

bool covers(endpoint const& outer, endpoint const& inner) noexcept
{
    if (outer.port == 0 || outer.port != inner.port)
        return false;
    bool const is_v4 = inner.ip.find(':') == std::string::npos;
    return outer.ip == inner.ip || outer.ip == "::" || (outer.ip == "0.0.0.0" && is_v4);
}

}  // namespace gatehouse::config
