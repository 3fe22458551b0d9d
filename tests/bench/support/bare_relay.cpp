#include "bench/support/bare_relay.h"

#include <algorithm>
#include <array>
#include <future>
#include <span>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace gatehouse::bench {

namespace {

constexpr std::size_t read_size = std::size_t{64} << 10;
constexpr int stop_poll_ms = 100;

// As the handshake's frames and records have them.
constexpr std::size_t hello_size = 50;
constexpr std::size_t challenge_size = 76;
constexpr std::size_t session_ok_size = 60;
constexpr std::size_t open_record_size = 210;
constexpr std::size_t close_record_size = 95;

void control(int epoll, int operation, int socket)
{
    ::epoll_event event{};
    event.events = EPOLLIN | EPOLLPRI | EPOLLERR | EPOLLHUP | EPOLLET;
    event.data.fd = socket;
    ::epoll_ctl(epoll, operation, socket, &event);
}

int accept_one(int listening)
{
    auto const socket = ::accept(listening, nullptr, nullptr);
    if (socket < 0)
        return socket;
    int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::sockaddr_in6 peer{};
    ::socklen_t size = sizeof peer;
    ::getpeername(socket, reinterpret_cast<::sockaddr*>(&peer), &size);
    ::ioctl(socket, FIONBIO, &on);
    return socket;
}

void send_message(int socket, bytes data)
{
    std::array<::iovec, 2> parts{{
        {nullptr, 0},
        {const_cast<std::uint8_t*>(data.data()), data.size()},
    }};
    ::msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    if (::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) !=
        static_cast<::ssize_t>(data.size()))
        give_up("writing to the backend");
}

void make_non_blocking(int socket)
{
    int on = 1;
    ::ioctl(socket, FIONBIO, &on);
}

template <class Body>
std::thread start_thread(thread_clock& clock, Body body)
{
    std::promise<thread_clock> started;
    auto known = started.get_future();
    std::thread made{[&started, body] {
        started.set_value(thread_clock::of_this_thread());
        body();
    }};
    clock = known.get();
    return made;
}

}  // namespace

bare_relay::bare_relay(std::string const& backend_socket, relayed_bytes sizes, call_style style)
    : sizes_{std::move(sizes)}
    , style_{style}
    , listening_{listen_tcp(port_)}
    , backend_{connect_local(backend_socket)}
    , epoll_{::epoll_create1(EPOLL_CLOEXEC)}
    , read_buffer_(read_size)
{
    make_non_blocking(listening_.get());
    make_non_blocking(backend_.get());
    watch(listening_.get());
    watch(backend_.get());
    thread_ = start_thread(clock_, [this] { run(); });
}

bare_relay::~bare_relay()
{
    stopping_ = true;
    thread_.join();
}

void bare_relay::watch(int socket) const
{
    control(epoll_.get(), EPOLL_CTL_ADD, socket);
}

void bare_relay::watch_again(int socket) const
{
    if (style_ == call_style::as_the_gateway)
        control(epoll_.get(), EPOLL_CTL_MOD, socket);
}

void bare_relay::run()
{
    std::array<::epoll_event, 128> events{};
    while (!stopping_) {
        bool const looks_only = style_ == call_style::as_the_gateway && !pending_.empty();
        auto const count =
            ::epoll_wait(epoll_.get(), events.data(), events.size(), looks_only ? 0 : stop_poll_ms);
        if (looks_only)
            flush();
        for (auto const& event :
             std::span{events}.first(static_cast<std::size_t>(std::max(count, 0)))) {
            if (event.data.fd == listening_.get())
                take_connection();
            else if (event.data.fd == backend_.get())
                take_replies();
            else
                take_frames(event.data.fd);
        }
        if (style_ == call_style::fewest && !pending_.empty())
            flush();
    }
}

void bare_relay::take_connection()
{
    for (;;) {
        auto const socket = accept_one(listening_.get());
        if (socket < 0)
            return;
        connections_.emplace_back(socket);
        watch(socket);
    }
}

void bare_relay::take_frames(int socket)
{
    auto const got = ::recv(socket, read_buffer_.data(), read_buffer_.size(), MSG_DONTWAIT);
    if (got <= 0)
        return;
    for (auto frames = static_cast<std::size_t>(got) / sizes_.frame_size; frames > 0; --frames) {
        pending_.insert(pending_.end(), sizes_.record.begin(), sizes_.record.end());
        askers_.push_back(socket);
    }
    watch_again(socket);
}

void bare_relay::take_replies()
{
    auto const got = ::recv(backend_.get(), read_buffer_.data(), read_buffer_.size(), MSG_DONTWAIT);
    if (got <= 0)
        return;
    reply_bytes_ += static_cast<std::size_t>(got);
    while (reply_bytes_ >= sizes_.reply_size && !askers_.empty()) {
        reply_bytes_ -= sizes_.reply_size;
        ::send(
            askers_.front(), read_buffer_.data(), sizes_.frame_size, MSG_NOSIGNAL | MSG_DONTWAIT
        );
        askers_.pop_front();
    }
    watch_again(backend_.get());
}

void bare_relay::flush()
{
    send_message(backend_.get(), pending_);
    pending_.clear();
}

bare_doorman::bare_doorman(std::string const& backend_socket)
    : listening_{listen_tcp(port_)}
    , backend_{connect_local(backend_socket)}
    , epoll_{::epoll_create1(EPOLL_CLOEXEC)}
{
    make_non_blocking(listening_.get());
    control(epoll_.get(), EPOLL_CTL_ADD, listening_.get());
    thread_ = start_thread(clock_, [this] { run(); });
}

bare_doorman::~bare_doorman()
{
    stopping_ = true;
    thread_.join();
}

void bare_doorman::run()
{
    std::array<::epoll_event, 128> events{};
    while (!stopping_) {
        auto const count = ::epoll_wait(epoll_.get(), events.data(), events.size(), stop_poll_ms);
        for (auto const& event :
             std::span{events}.first(static_cast<std::size_t>(std::max(count, 0)))) {
            if (event.data.fd == listening_.get())
                take_connection();
            else
                take_bytes(event.data.fd);
        }
    }
}

void bare_doorman::take_connection()
{
    for (;;) {
        auto const socket = accept_one(listening_.get());
        if (socket < 0)
            return;
        control(epoll_.get(), EPOLL_CTL_ADD, socket);
        control(epoll_.get(), EPOLL_CTL_MOD, socket);
    }
}

void bare_doorman::take_bytes(int socket)
{
    std::array<std::uint8_t, 4096> buffer{};
    auto const got = ::recv(socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got <= 0) {
        send_message(backend_.get(), bytes{buffer}.first(close_record_size));
        ::close(socket);
        return;
    }
    bool const is_hello = got == hello_size;
    auto const answer = is_hello ? challenge_size : session_ok_size;
    ::send(socket, buffer.data(), answer, MSG_NOSIGNAL | MSG_DONTWAIT);
    control(epoll_.get(), EPOLL_CTL_MOD, socket);
    if (!is_hello)
        send_message(backend_.get(), bytes{buffer}.first(open_record_size));
}

}  // namespace gatehouse::bench
