// Heap bytes that an idle, authenticated UDP session costs the gateway, all in: its share of every
// table, and malloc's own rounding and headers. Each device has sent one frame: what a session
// remembers of its handshake until then, for 15 s at most, is not in the figure.
#include "bench/support/backend.h"
#include "bench/support/datagram_devices.h"
#include "bench/support/gateway.h"
#include "bench/support/heap.h"
#include "net/datagram_connection.h"
#include "protocol/usmp/datagram_session.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

namespace gatehouse::bench {
namespace {

constexpr std::int64_t session_bytes_limit = 512;

// Tables double when they are full: just after that a session's share of them is largest.
constexpr std::size_t fleet_sizes[] = {1'000, 5'000, 6'800, 13'500, 20'000};

constexpr std::chrono::milliseconds idle_time{1'500};

// Which blocks a session holds, for whoever has to make it smaller.
void print_blocks(
    heap_account::blocks_by_size const& before,
    heap_account::blocks_by_size const& after,
    std::size_t sessions
)
{
    for (std::size_t step = 0; step < after.size(); ++step) {
        auto const each =
            static_cast<double>(after[step] - before[step]) / static_cast<double>(sessions);
        if (each > 0.01)
            std::printf("  %.2f blocks of %zu bytes\n", each, step * heap_account::size_step);
    }
    std::printf(
        "  (connection %zu bytes, session %zu, of them what is established %zu)\n",
        sizeof(datagram_connection),
        sizeof(usmp::datagram_session),
        sizeof(usmp::datagram_established)
    );
}

TEST(datagram_session_bytes, are_few_and_do_not_grow_while_idle)
{
    backend const sink{config::record_format::ndjson, answering::nothing};
    heap_account* worker_heap = nullptr;
    gateway const gate{{.backend_socket = sink.path(), .transport = config::transport::udp}, [&] {
                           worker_heap = &heap_of_this_thread();
                       }};
    datagram_devices fleet{gate.port()};

    // What the first sessions make once and keep is not theirs.
    constexpr std::size_t first_ones = 8;
    fleet.enter_and_fall_silent(first_ones);
    gate.wait_for_sessions(first_ones);

    auto const before = worker_heap->read().live_bytes;
    auto const blocks_before = worker_heap->live_blocks();
    std::int64_t most = 0;
    std::size_t count = 0;
    for (auto const size : fleet_sizes) {
        fleet.enter_and_fall_silent(size - count);
        count = size;
        gate.wait_for_sessions(first_ones + count);
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
        auto const held = worker_heap->read().live_bytes - before;
        auto const each = held / static_cast<std::int64_t>(count);
        std::printf(
            "%5zu idle sessions: %5lld heap bytes each\n", count, static_cast<long long>(each)
        );
        most = std::max(most, each);
    }
    print_blocks(blocks_before, worker_heap->live_blocks(), count);
    EXPECT_LE(most, session_bytes_limit);

    auto const settled = worker_heap->read();
    std::this_thread::sleep_for(idle_time);
    auto const later = worker_heap->read();
    std::printf(
        "while idle: %lld bytes more, %llu allocations\n",
        static_cast<long long>(later.live_bytes - settled.live_bytes),
        static_cast<unsigned long long>(later.allocations - settled.allocations)
    );
    EXPECT_LE(later.live_bytes, settled.live_bytes);
}

}  // namespace
}  // namespace gatehouse::bench
