// Heap bytes that an idle, authenticated TCP session costs the gateway, all in: its share of every
// table, cipher contexts, coroutine frame, and malloc's own rounding and headers.
#include "bench/support/backend.h"
#include "bench/support/devices.h"
#include "bench/support/gateway.h"
#include "bench/support/heap.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <thread>

namespace gatehouse::bench {
namespace {

constexpr std::int64_t session_bytes_limit = 1'300;

// Tables double when they are full: just after that a session's share of them is largest.
constexpr std::size_t fleet_sizes[] = {500, 1'000, 1'700, 2'400, 3'300};

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
}

void expect_few_bytes(std::string_view protocol)
{
    raise_descriptor_limit();
    backend const sink{config::record_format::ndjson, answering::nothing};
    heap_account* worker_heap = nullptr;
    gateway const gate{{.backend_socket = sink.path(), .protocol = protocol}, [&] {
                           worker_heap = &heap_of_this_thread();
                       }};
    devices fleet{gate.port()};
    if (protocol == "spp")
        fleet.speak_spp();
    if (protocol == "array-crypto")
        fleet.speak_array_crypto();
    if (protocol == "upss")
        fleet.speak_upss();

    // What the first sessions make once and keep is not theirs.
    fleet.enter(8);
    gate.wait_for_sessions(8);
    fleet.leave();
    gate.wait_for_sessions(0);

    auto const before = worker_heap->read().live_bytes;
    auto const blocks_before = worker_heap->live_blocks();
    std::int64_t most = 0;
    for (auto const size : fleet_sizes) {
        fleet.enter(size - fleet.count());
        gate.wait_for_sessions(size);
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
        auto const held = worker_heap->read().live_bytes - before;
        auto const each = held / static_cast<std::int64_t>(size);
        std::printf(
            "%5zu idle sessions: %5lld heap bytes each\n", size, static_cast<long long>(each)
        );
        most = std::max(most, each);
    }
    print_blocks(blocks_before, worker_heap->live_blocks(), fleet.count());
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
    fleet.leave();
    gate.wait_for_sessions(0);
    std::printf(
        "after all left: %lld bytes kept for the next ones\n",
        static_cast<long long>(worker_heap->read().live_bytes - before)
    );
}

TEST(session_bytes, are_few_and_do_not_grow_while_idle)
{
    expect_few_bytes("usmp");
}

TEST(session_bytes, are_as_few_in_spp)
{
    expect_few_bytes("spp");
}

TEST(session_bytes, are_as_few_in_upss)
{
    expect_few_bytes("upss");
}

TEST(session_bytes, are_as_few_in_array_crypto)
{
    expect_few_bytes("array-crypto");
}

}  // namespace
}  // namespace gatehouse::bench
