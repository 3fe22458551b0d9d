#include "json_time.h"

#include <array>
#include <ctime>

namespace gatehouse {

boost::json::value json_time(wall_time when)
{
    std::time_t const seconds = when.time_since_epoch().count();
    std::tm parts{};
    std::array<char, 40> text{};
    if (::gmtime_r(&seconds, &parts) == nullptr)
        return nullptr;
    auto const size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return boost::json::string{text.data(), size};
}

boost::json::value json_bound(wall_time when)
{
    if (when == wall_time::min() || when == wall_time::max())
        return nullptr;
    return json_time(when);
}

}  // namespace gatehouse
