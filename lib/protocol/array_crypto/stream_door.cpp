#include "protocol/array_crypto/stream_door.h"

#include "protocol/array_crypto/limits.h"
#include "protocol/array_crypto/request.h"
#include "protocol/array_crypto/stream_session.h"

namespace gatehouse::array_crypto {

namespace {

// No method begins otherwise; TLS and most else that is no HTTP does.
bool may_begin_a_method(std::uint8_t byte) noexcept
{
    return byte >= 'A' && byte <= 'Z';
}

}  // namespace

first_look stream_door::look(bytes received) const
{
    if (received.empty())
        return {};
    if (!may_begin_a_method(received.front()))
        return {first_look::verdict::refused, error::malformed_magic, {}};
    auto const header = header_scan{}.look(received);
    if (header && *header == 0)
        return {};
    return {first_look::verdict::hello, {}, {}};
}

std::size_t stream_door::hello_limit() const
{
    return limits::header_size;
}

std::unique_ptr<session> stream_door::open(time_point deadline, peer_address const&)
{
    return std::make_unique<stream_session>(env_, deadline);
}

}  // namespace gatehouse::array_crypto
