#include "net/datagram_batch.h"

#include "net/packet_info.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace gatehouse {

datagram_batch::datagram_batch(int socket, int family)
    : socket_{socket}
    , family_{family}
    , slots_(most)
{
}

void datagram_batch::add(bytes datagram, peer_address const& to, local_address const& from)
{
    if (count_ == most)
        flush();
    auto& at = slots_[count_];
    auto& header = headers_[count_].msg_hdr;
    auto const size = std::min(datagram.size(), largest);
    std::copy_n(datagram.begin(), size, at.bytes.begin());
    at.data = {at.bytes.data(), size};
    header = {};
    header.msg_iov = &at.data;
    header.msg_iovlen = 1;
    header.msg_name = &at.to;
    header.msg_namelen = write_socket_address(at.to, family_, to, from.interface);
    header.msg_control = at.control.data();
    header.msg_controllen = write_source(at.control, family_, from);
    if (header.msg_controllen == 0)
        header.msg_control = nullptr;
    ++count_;
}

void datagram_batch::flush()
{
    std::size_t sent = 0;
    while (sent < count_) {
        auto const left = static_cast<unsigned>(count_ - sent);
        auto const done = ::sendmmsg(socket_, headers_.data() + sent, left, MSG_DONTWAIT);
        if (done > 0) {
            sent += static_cast<std::size_t>(done);
            continue;
        }
        if (errno == EINTR)
            continue;
        // A full buffer refuses all that follows; anything else concerns this one.
        bool const is_full = errno == EAGAIN || errno == ENOBUFS;
        auto const refused = is_full ? count_ - sent : std::size_t{1};
        refused_ += refused;
        sent += refused;
    }
    count_ = 0;
}

std::uint64_t datagram_batch::take_refused() noexcept
{
    return std::exchange(refused_, 0);
}

}  // namespace gatehouse
