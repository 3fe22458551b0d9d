#include "bench/support/stray_datagrams.h"

#include "protocol/usmp/frame.h"
#include "protocol/usmp/messages.h"
#include "protocol/usmp/transport_ack.h"
#include "wire/writer.h"

#include <algorithm>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace gatehouse::bench {

namespace {

constexpr std::size_t junk_size = 64;
constexpr std::size_t last_id_byte = 23;
constexpr std::uint8_t wire_version = 2;
constexpr std::uint8_t no_version = 9;

// 127.1.0.0 and up: all of 127/8 is this host.
constexpr std::uint32_t first_source = 0x7f010000;
constexpr std::uint32_t source_count = 0x00800000;

usmp::hello some_hello()
{
    usmp::hello made;
    made.device = {2, 0xff, 0, 0, 0, 1};
    made.public_key.fill(9);
    return made;
}

std::vector<std::uint8_t> copy_of(bytes data)
{
    return {data.begin(), data.end()};
}

// The frame with a sequence number that its device has not used.
std::vector<std::uint8_t> forge(bytes seen)
{
    auto made = copy_of(seen);
    auto header = usmp::parse_header(made);
    if (!header)
        give_up("forging a frame");
    constexpr std::uint32_t ahead = 1'000'000;
    header->sequence += ahead;
    usmp::write_header(*header, made);
    wire::writer{mutable_bytes{made}.subspan(usmp::header_size)}.little(header->sequence);
    usmp::write_checksum(made);
    return made;
}

}  // namespace

std::vector<std::uint8_t> make_stray(stray_kind kind, bytes seen)
{
    wire_buffer out;
    auto changed = copy_of(seen);
    switch (kind) {
    case stray_kind::junk:
        return std::vector<std::uint8_t>(junk_size, 'x');
    case stray_kind::acknowledgement:
        usmp::write_ack({usmp::frame_type::data, 1}, out);
        break;
    case stray_kind::hello:
        write(usmp::handshake_frame{wire_version, 0}, some_hello(), out);
        break;
    case stray_kind::hello_of_another_version:
        write(usmp::handshake_frame{no_version, 0}, some_hello(), out);
        break;
    case stray_kind::proof:
        write(usmp::handshake_frame{wire_version, 0}, usmp::hello_ack{}, out);
        break;
    case stray_kind::unknown_session:
        changed[last_id_byte] ^= 1;
        return changed;
    case stray_kind::garbled:
        changed.back() ^= 1;
        return changed;
    case stray_kind::forged:
        return forge(seen);
    case stray_kind::replayed:
        return changed;
    }
    return copy_of(out.all());
}

struct stray_sender::headers {
    struct slot {
        ::iovec data;
        alignas(::cmsghdr) std::array<std::uint8_t, CMSG_SPACE(sizeof(::in_pktinfo))> control;
    };
    ::sockaddr_in to{};
    std::array<slot, burst> slots{};
    std::array<::mmsghdr, burst> all{};
};

stray_sender::stray_sender(std::uint16_t port)
    : headers_{std::make_unique<headers>()}
    , socket_{open_udp(own_port_)}
{
    headers_->to.sin_family = AF_INET;
    headers_->to.sin_port = htons(port);
    headers_->to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (std::size_t i = 0; i < burst; ++i) {
        auto& slot = headers_->slots.at(i);
        auto& header = headers_->all.at(i).msg_hdr;
        header.msg_name = &headers_->to;
        header.msg_namelen = sizeof headers_->to;
        header.msg_iov = &slot.data;
        header.msg_iovlen = 1;
        header.msg_control = slot.control.data();
        header.msg_controllen = slot.control.size();
        auto* const info = CMSG_FIRSTHDR(&header);
        info->cmsg_level = IPPROTO_IP;
        info->cmsg_type = IP_PKTINFO;
        info->cmsg_len = CMSG_LEN(sizeof(::in_pktinfo));
    }
}

stray_sender::~stray_sender() = default;

void stray_sender::drain()
{
    std::array<std::uint8_t, 1024> answer{};
    while (::recv(socket_.get(), answer.data(), answer.size(), MSG_DONTWAIT) > 0)
        continue;
}

void stray_sender::send(bytes datagram)
{
    drain();
    for (std::size_t i = 0; i < burst; ++i) {
        auto& header = headers_->all.at(i).msg_hdr;
        headers_->slots.at(i).data = {const_cast<std::uint8_t*>(datagram.data()), datagram.size()};
        ::in_pktinfo info{};
        next_source_ = (next_source_ + 1) % source_count;
        info.ipi_spec_dst.s_addr = htonl(first_source + next_source_);
        std::memcpy(CMSG_DATA(CMSG_FIRSTHDR(&header)), &info, sizeof info);
    }
    if (::sendmmsg(socket_.get(), headers_->all.data(), burst, 0) != static_cast<int>(burst))
        give_up("sending stray datagrams");
}

}  // namespace gatehouse::bench
