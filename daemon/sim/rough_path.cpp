#include "rough_path.h"

#include <chrono>

namespace gatehouse::sim {

namespace {

// Long enough to come behind a repetition of the same frame.
constexpr std::uint64_t longest_delay_ms = 200;

}  // namespace

bool rough_path::happens(double share)
{
    return share > 0 && std::uniform_real_distribution<double>{}(random_) < share;
}

void rough_path::hold(time_point now, traveller who, bytes datagram)
{
    std::chrono::milliseconds const delay{1 + random_() % longest_delay_ms};
    held_.push({now + delay, who, {datagram.begin(), datagram.end()}});
}

bool rough_path::pass(time_point now, traveller who, bytes datagram)
{
    if (!how_.any())
        return true;
    if (happens(how_.loss))
        return false;
    if (happens(how_.duplicate))
        hold(now, who, datagram);
    if (!happens(how_.reorder))
        return true;
    hold(now, who, datagram);
    return false;
}

std::optional<rough_path::delayed_datagram> rough_path::take_due(time_point now)
{
    if (now < next_due())
        return std::nullopt;
    auto first = held_.top();
    held_.pop();
    return first;
}

}  // namespace gatehouse::sim
