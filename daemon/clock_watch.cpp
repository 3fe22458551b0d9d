#include "clock_watch.h"

#include "attempt.h"
#include "net/clock.h"

#include <utility>

namespace gatehouse {

clock_watch::clock_watch(boost::asio::io_context& context, listener stepped)
    : timer_{context.get_executor()}
    , stepped_{std::move(stepped)}
{
}

void clock_watch::start()
{
    offset_ = read_wall_clock_offset();
    look();
}

void clock_watch::look()
{
    timer_.expires_after(interval);
    timer_.async_wait([this](boost::system::error_code failure) {
        if (failure)
            return;
        // The smaller of two readings: a thread that was held up between the two clocks is no step.
        auto const first = read_wall_clock_offset() - offset_;
        auto const second = read_wall_clock_offset() - offset_;
        auto const by = abs(first) < abs(second) ? first : second;
        if (abs(by) >= smallest_step)
            attempt("clock step", [&] { stepped_(by); });
        offset_ += by;
        look();
    });
}

}  // namespace gatehouse
