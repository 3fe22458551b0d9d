#include "bench/support/descriptor.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace gatehouse::bench {

namespace {

::sockaddr_in loopback(std::uint16_t port)
{
    ::sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

::sockaddr_un local(std::string const& path)
{
    ::sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        give_up("naming a local socket");
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

template <class Address>
::sockaddr* generic(Address& address)
{
    return reinterpret_cast<::sockaddr*>(&address);
}

}  // namespace

void give_up(char const* doing)
{
    std::fprintf(stderr, "%s: %s\n", doing, std::strerror(errno));
    std::exit(1);
}

void descriptor::reset() noexcept
{
    if (number_ >= 0)
        ::close(std::exchange(number_, -1));
}

descriptor listen_tcp(std::uint16_t& port)
{
    descriptor made{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    auto address = loopback(0);
    ::socklen_t size = sizeof address;
    if (::bind(made.get(), generic(address), size) != 0 || ::listen(made.get(), 4096) != 0 ||
        ::getsockname(made.get(), generic(address), &size) != 0)
        give_up("listening");
    port = ntohs(address.sin_port);
    return made;
}

descriptor connect_tcp(std::uint16_t port)
{
    descriptor made{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    auto address = loopback(port);
    if (::connect(made.get(), generic(address), sizeof address) != 0)
        give_up("connecting");
    int const on = 1;
    ::setsockopt(made.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return made;
}

descriptor connect_udp(std::uint16_t port)
{
    descriptor made{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    auto address = loopback(port);
    if (::connect(made.get(), generic(address), sizeof address) != 0)
        give_up("connecting");
    ::timeval const patience{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(made.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return made;
}

descriptor open_udp(std::uint16_t& port)
{
    descriptor made{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    ::sockaddr_in address{};
    address.sin_family = AF_INET;
    ::socklen_t size = sizeof address;
    if (::bind(made.get(), generic(address), size) != 0 ||
        ::getsockname(made.get(), generic(address), &size) != 0)
        give_up("opening a UDP socket");
    port = ntohs(address.sin_port);
    return made;
}

descriptor listen_local(std::string const& path)
{
    descriptor made{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    auto address = local(path);
    if (::bind(made.get(), generic(address), sizeof address) != 0 || ::listen(made.get(), 16) != 0)
        give_up("listening on a local socket");
    return made;
}

descriptor connect_local(std::string const& path)
{
    descriptor made{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    auto address = local(path);
    if (::connect(made.get(), generic(address), sizeof address) != 0)
        give_up("connecting to a local socket");
    return made;
}

void send_all(descriptor const& to, bytes data)
{
    while (!data.empty()) {
        auto const sent = ::send(to.get(), data.data(), data.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            give_up("sending");
        data = data.subspan(static_cast<std::size_t>(sent));
    }
}

bool receive_exactly(descriptor const& from, mutable_bytes data)
{
    while (!data.empty()) {
        auto const got = ::recv(from.get(), data.data(), data.size(), 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        data = data.subspan(static_cast<std::size_t>(got));
    }
    return true;
}

void raise_descriptor_limit()
{
    ::rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace gatehouse::bench
