#include "net/datagram_socket.h"

#include "net/packet_info.h"

#include <boost/asio/ip/v6_only.hpp>

#include <algorithm>
#include <utility>

#include <netinet/in.h>

namespace gatehouse {

namespace {

using boost::system::error_code;

void set_flag(udp_socket& socket, int level, int name, error_code& failure)
{
    int const on = 1;
    if (!failure && ::setsockopt(socket.native_handle(), level, name, &on, sizeof on) != 0)
        failure = error_code{errno, boost::system::system_category()};
}

// As root beyond the system's limit, else up to it. Returns what was granted: the kernel says twice
// as much, because it counts its own bookkeeping.
std::size_t size_buffer(int socket, int forced, int plain, std::size_t wanted)
{
    auto const size = static_cast<int>(std::min<std::size_t>(wanted, std::size_t{1} << 30));
    if (::setsockopt(socket, SOL_SOCKET, forced, &size, sizeof size) != 0)
        ::setsockopt(socket, SOL_SOCKET, plain, &size, sizeof size);
    int granted = 0;
    ::socklen_t length = sizeof granted;
    ::getsockopt(socket, SOL_SOCKET, plain, &granted, &length);
    return static_cast<std::size_t>(granted) / 2;
}

}  // namespace

socket_buffers set_buffers(int socket, socket_buffers wanted)
{
    return {
        size_buffer(socket, SO_RCVBUFFORCE, SO_RCVBUF, wanted.receive),
        size_buffer(socket, SO_SNDBUFFORCE, SO_SNDBUF, wanted.send),
    };
}

bound_datagram_socket bind_datagrams(
    boost::asio::io_context& context,
    boost::asio::ip::udp::endpoint const& at,
    port_sharing sharing,
    socket_buffers wanted
)
{
    bound_datagram_socket made{udp_socket{context.get_executor()}, {}, {}};
    auto& socket = made.socket;
    auto& failure = made.failure;
    socket.open(at.protocol(), failure);
    if (!failure)
        socket.non_blocking(true, failure);
    bool const is_v6 = at.address().is_v6();
    if (is_v6 && !failure)
        socket.set_option(boost::asio::ip::v6_only{!at.address().is_unspecified()}, failure);
    if (sharing == port_sharing::with_workers)
        set_flag(socket, SOL_SOCKET, SO_REUSEPORT, failure);
    set_flag(socket, SOL_SOCKET, SO_RXQ_OVFL, failure);
    if (is_v6)
        set_flag(socket, IPPROTO_IPV6, IPV6_RECVPKTINFO, failure);
    else
        set_flag(socket, IPPROTO_IP, IP_PKTINFO, failure);
    if (!failure)
        socket.bind(at, failure);
    if (failure)
        return made;
    made.granted = set_buffers(socket.native_handle(), wanted);
    return made;
}

datagram_reader::datagram_reader() : slots_(net_limits::datagrams_a_read)
{
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        auto& one = slots_[i];
        one.data = {one.bytes.data(), one.bytes.size()};
        auto& header = headers_.at(i).msg_hdr;
        header.msg_name = &one.from;
        header.msg_iov = &one.data;
        header.msg_iovlen = 1;
        header.msg_control = one.control.data();
    }
}

std::size_t datagram_reader::read(int socket)
{
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        auto& header = headers_.at(i).msg_hdr;
        header.msg_namelen = sizeof(::sockaddr_storage);
        header.msg_controllen = slots_[i].control.size();
        header.msg_flags = 0;
    }
    auto const count = static_cast<unsigned>(headers_.size());
    auto const got = ::recvmmsg(socket, headers_.data(), count, MSG_DONTWAIT, nullptr);
    return got > 0 ? static_cast<std::size_t>(got) : 0;
}

arrived_datagram datagram_reader::at(std::size_t index)
{
    auto& one = slots_.at(index);
    auto& header = headers_.at(index);
    auto const info = read_packet_info(header.msg_hdr);
    if (info.dropped)
        overflow_ += *info.dropped - std::exchange(dropped_seen_, *info.dropped);
    arrived_datagram found;
    found.from = read_socket_address(one.from);
    found.at = info.at;
    if ((header.msg_hdr.msg_flags & MSG_TRUNC) == 0)
        found.data = mutable_bytes{one.bytes}.first(header.msg_len);
    else
        found.too_long = true;
    return found;
}

std::uint64_t datagram_reader::take_overflow() noexcept
{
    return std::exchange(overflow_, 0);
}

}  // namespace gatehouse
