// What is left of a datagram listener when only its system calls remain: a thread that reads many
// datagrams at once and answers each. The yardstick of the UDP costs.
#pragma once

#include "bench/support/cost.h"
#include "bench/support/descriptor.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

namespace gatehouse::bench {

class bare_datagrams {
public:
    // Each datagram is answered with datagrams of these sizes.
    explicit bare_datagrams(std::vector<std::size_t> answers);
    ~bare_datagrams();
    bare_datagrams(bare_datagrams const&) = delete;
    bare_datagrams& operator=(bare_datagrams const&) = delete;

    std::uint16_t port() const noexcept { return port_; }
    thread_clock const& clock() const noexcept { return clock_; }
    std::uint64_t received() const noexcept { return received_.load(std::memory_order_relaxed); }

private:
    struct buffers;

    void run();
    void answer(std::size_t count);

    std::vector<std::size_t> answers_;
    std::uint16_t port_ = 0;
    descriptor socket_;
    descriptor epoll_;
    std::unique_ptr<buffers> buffers_;
    std::atomic<std::uint64_t> received_{0};
    std::atomic<bool> stopping_{false};
    thread_clock clock_;
    std::thread thread_;
};

}  // namespace gatehouse::bench
