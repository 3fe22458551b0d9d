#include "bench/support/bare_datagrams.h"

#include <array>
#include <future>
#include <utility>

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

namespace gatehouse::bench {

namespace {

constexpr std::size_t batch = 64;
constexpr int buffer_size = 4 << 20;
constexpr int stop_poll_ms = 100;

}  // namespace

struct bare_datagrams::buffers {
    struct slot {
        ::sockaddr_in from;
        ::iovec in;
        ::iovec out;
        std::array<std::uint8_t, 1024> bytes;
    };
    std::array<slot, batch> slots{};
    std::array<::mmsghdr, batch> read{};
    std::array<::mmsghdr, batch> written{};
};

bare_datagrams::bare_datagrams(std::vector<std::size_t> answers)
    : answers_{std::move(answers)}
    , socket_{open_udp(port_)}
    , epoll_{::epoll_create1(EPOLL_CLOEXEC)}
    , buffers_{std::make_unique<buffers>()}
{
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &buffer_size, sizeof buffer_size);
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDBUF, &buffer_size, sizeof buffer_size);
    ::epoll_event event{};
    event.events = EPOLLIN;
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, socket_.get(), &event);
    for (std::size_t i = 0; i < batch; ++i) {
        auto& slot = buffers_->slots.at(i);
        slot.in = {slot.bytes.data(), slot.bytes.size()};
        auto& header = buffers_->read.at(i).msg_hdr;
        header.msg_name = &slot.from;
        header.msg_iov = &slot.in;
        header.msg_iovlen = 1;
    }
    std::promise<thread_clock> started;
    auto known = started.get_future();
    thread_ = std::thread{[this, &started] {
        started.set_value(thread_clock::of_this_thread());
        run();
    }};
    clock_ = known.get();
}

bare_datagrams::~bare_datagrams()
{
    stopping_ = true;
    thread_.join();
}

void bare_datagrams::run()
{
    ::epoll_event event{};
    while (!stopping_) {
        if (::epoll_wait(epoll_.get(), &event, 1, stop_poll_ms) <= 0)
            continue;
        for (auto& header : buffers_->read)
            header.msg_hdr.msg_namelen = sizeof(::sockaddr_in);
        auto const got =
            ::recvmmsg(socket_.get(), buffers_->read.data(), batch, MSG_DONTWAIT, nullptr);
        if (got <= 0)
            continue;
        answer(static_cast<std::size_t>(got));
        received_.store(
            received_.load(std::memory_order_relaxed) + static_cast<std::uint64_t>(got),
            std::memory_order_relaxed
        );
    }
}

void bare_datagrams::answer(std::size_t count)
{
    for (auto const size : answers_) {
        for (std::size_t i = 0; i < count; ++i) {
            auto& slot = buffers_->slots.at(i);
            slot.out = {slot.bytes.data(), size};
            auto& header = buffers_->written.at(i).msg_hdr;
            header.msg_name = &slot.from;
            header.msg_namelen = sizeof slot.from;
            header.msg_iov = &slot.out;
            header.msg_iovlen = 1;
        }
        auto const wanted = static_cast<unsigned>(count);
        if (::sendmmsg(socket_.get(), buffers_->written.data(), wanted, MSG_DONTWAIT) !=
            static_cast<int>(count))
            give_up("answering datagrams");
    }
}

}  // namespace gatehouse::bench
