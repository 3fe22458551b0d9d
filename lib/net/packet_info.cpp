#include "net/packet_info.h"

#include <algorithm>
#include <cstring>

#include <netinet/in.h>

namespace gatehouse {

namespace {

constexpr std::size_t v4_prefix = 12;
constexpr std::array<std::uint8_t, 2> link_local_prefix{0xfe, 0x80};

using ip_bytes = std::array<std::uint8_t, 16>;

bool is_v4(ip_bytes const& ip) noexcept
{
    return peer_address{ip, 0}.is_v4();
}

ip_bytes mapped(::in_addr const& v4) noexcept
{
    std::array<std::uint8_t, 4> raw{};
    std::memcpy(raw.data(), &v4, raw.size());
    return peer_address::v4(raw, 0).ip;
}

bool is_link_local(ip_bytes const& ip) noexcept
{
    return std::equal(link_local_prefix.begin(), link_local_prefix.end(), ip.begin());
}

template <class Info>
std::size_t put_control(std::span<std::uint8_t> control, int level, int type, Info const& info)
{
    ::msghdr holder{};
    holder.msg_control = control.data();
    holder.msg_controllen = CMSG_SPACE(sizeof info);
    auto* header = CMSG_FIRSTHDR(&holder);
    header->cmsg_level = level;
    header->cmsg_type = type;
    header->cmsg_len = CMSG_LEN(sizeof info);
    std::memcpy(CMSG_DATA(header), &info, sizeof info);
    return holder.msg_controllen;
}

template <class T>
T content_of(::cmsghdr* header)
{
    T value{};
    std::memcpy(&value, CMSG_DATA(header), sizeof value);
    return value;
}

}  // namespace

::socklen_t
write_socket_address(::sockaddr_storage& into, int family, peer_address const& to, std::uint32_t interface)
{
    if (family == AF_INET) {
        ::sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(to.port);
        std::memcpy(&v4.sin_addr, to.ip.data() + v4_prefix, sizeof v4.sin_addr);
        std::memcpy(&into, &v4, sizeof v4);
        return sizeof v4;
    }
    ::sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(to.port);
    std::memcpy(&v6.sin6_addr, to.ip.data(), to.ip.size());
    v6.sin6_scope_id = is_link_local(to.ip) ? interface : 0;
    std::memcpy(&into, &v6, sizeof v6);
    return sizeof v6;
}

peer_address read_socket_address(::sockaddr_storage const& from)
{
    peer_address peer;
    if (from.ss_family == AF_INET) {
        ::sockaddr_in v4{};
        std::memcpy(&v4, &from, sizeof v4);
        peer.ip = mapped(v4.sin_addr);
        peer.port = ntohs(v4.sin_port);
        return peer;
    }
    ::sockaddr_in6 v6{};
    std::memcpy(&v6, &from, sizeof v6);
    std::memcpy(peer.ip.data(), &v6.sin6_addr, peer.ip.size());
    peer.port = ntohs(v6.sin6_port);
    return peer;
}

std::size_t write_source(std::span<std::uint8_t> control, int family, local_address const& source)
{
    if (source.ip == ip_bytes{})
        return 0;
    if (family == AF_INET || is_v4(source.ip)) {
        ::in_pktinfo info{};
        std::memcpy(&info.ipi_spec_dst, source.ip.data() + v4_prefix, sizeof info.ipi_spec_dst);
        return put_control(control, IPPROTO_IP, IP_PKTINFO, info);
    }
    ::in6_pktinfo info{};
    std::memcpy(&info.ipi6_addr, source.ip.data(), source.ip.size());
    info.ipi6_ifindex = is_link_local(source.ip) ? source.interface : 0;
    return put_control(control, IPPROTO_IPV6, IPV6_PKTINFO, info);
}

packet_info read_packet_info(::msghdr& message)
{
    packet_info found;
    for (auto* header = CMSG_FIRSTHDR(&message); header != nullptr;
         header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO) {
            auto const info = content_of<::in_pktinfo>(header);
            found.at.ip = mapped(info.ipi_spec_dst);
        } else if (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_PKTINFO) {
            auto const info = content_of<::in6_pktinfo>(header);
            std::memcpy(found.at.ip.data(), &info.ipi6_addr, found.at.ip.size());
            if (is_link_local(found.at.ip))
                found.at.interface = info.ipi6_ifindex;
        } else if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SO_RXQ_OVFL) {
            found.dropped = content_of<std::uint32_t>(header);
        }
    }
    return found;
}

}  // namespace gatehouse
