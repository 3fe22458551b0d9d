#include "protocol/upss/stream_door.h"

#include "protocol/upss/limits.h"
#include "protocol/upss/package_scan.h"
#include "protocol/upss/stream_session.h"

namespace gatehouse::upss {

first_look stream_door::look(bytes received) const
{
    auto const blanks = leading_blanks(received);
    if (blanks >= limits::handshake_package)
        return {first_look::verdict::refused, error::malformed_magic, {}};
    auto const whole =
        package_scan{}.look(received.subspan(blanks), limits::handshake_package - blanks);
    if (!whole)
        return {first_look::verdict::refused, whole.error(), {}};
    if (*whole == 0)
        return {};
    return {first_look::verdict::hello, {}, {}};
}

std::size_t stream_door::hello_limit() const
{
    return limits::handshake_package;
}

std::unique_ptr<session> stream_door::open(time_point deadline, peer_address const& peer)
{
    return std::make_unique<stream_session>(env_, deadline, peer);
}

}  // namespace gatehouse::upss
