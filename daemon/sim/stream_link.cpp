#include "stream_link.h"

#include <chrono>

namespace gatehouse::sim {

namespace {

constexpr std::chrono::milliseconds blocked_pause{2};

}  // namespace

void stream_link::cancel() noexcept
{
    boost::system::error_code ignored;
    link_.socket().cancel(ignored);
}

time_point stream_link::due(time_point now) const
{
    return link_.blocked() ? now + blocked_pause : never;
}

}  // namespace gatehouse::sim
