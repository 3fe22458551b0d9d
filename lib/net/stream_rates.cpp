// A device that may say only so much a second: what is more stays in the kernel until its time has
// come.
#include "net/limits.h"
#include "net/stream_connection.h"
#include "net/worker.h"

#include <algorithm>

#include <sys/socket.h>

namespace gatehouse {

bool stream_connection::is_bounded() const noexcept
{
    return listener_.rates->any() && (phase_ == phase::handshake || phase_ == phase::live);
}

// Of a device that has not proven itself, one message: the first.
device_rates::allowance stream_connection::allowance()
{
    if (phase_ == phase::handshake)
        return {.messages = 1};
    return listener_.rates->ask(owner_.now(), session_->facts().device);
}

void stream_connection::pause_until(time_point when)
{
    paused_ = true;
    awaits_rate_ = true;
    owner_.schedule(*this, when);
}

// When to look again, if it is not to be read now.
time_point stream_connection::look_at_rate(time_point now)
{
    auto const most = is_bounded() ? allowance() : device_rates::allowance{};
    if (most.nothing() && most.from > now)
        return most.from;
    resume();
    return never;
}

// Looks at what is there and takes from the kernel what the session has taken.
void stream_connection::read_in_bounds()
{
    auto const most = allowance();
    if (most.nothing()) {
        pause_until(most.from);
        return;
    }
    auto const buffer = owner_.read_buffer();
    bool const in_place = partial_.is_large();
    auto const kept = partial_.contents();
    auto const kept_size = kept.size();
    if (!in_place)
        std::copy(kept.begin(), kept.end(), buffer.begin());
    auto const space =
        in_place ? partial_.space() : buffer.subspan(kept_size, net_limits::read_size);
    auto const handle = socket_.native_handle();
    auto const got = ::recv(handle, space.data(), space.size(), MSG_DONTWAIT | MSG_PEEK);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
        on_eof();
        return;
    }
    if (got < 0)
        return;
    auto const all = kept_size + static_cast<std::size_t>(got);
    if (!in_place)
        partial_.set_aside();
    auto const done = take(in_place ? partial_.grown(all - kept_size) : buffer.first(all), most);
    if (open())
        ::recv(handle, nullptr, done - std::min(done, kept_size), MSG_DONTWAIT | MSG_TRUNC);
}

}  // namespace gatehouse
