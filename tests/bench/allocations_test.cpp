// Once warm, a message costs the gateway no heap allocation, whatever its kind.
#include "bench/support/backend.h"
#include "bench/support/devices.h"
#include "bench/support/gateway.h"
#include "bench/support/heap.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <functional>
#include <thread>

namespace gatehouse::bench {
namespace {

constexpr std::size_t fleet_size = 16;
constexpr std::size_t warm_up_rounds = 64;
constexpr std::size_t counted_rounds = 200;

// The gateway ends a session that sends more than 8 control frames a second.
constexpr std::size_t pings_a_second = 7;

struct allocation_case {
    char const* name;
    config::record_format format;
    answering how;
    bool chacha20_poly1305;
    std::size_t message;
};

class allocations : public testing::TestWithParam<allocation_case> {};

std::uint64_t counted(heap_account const& heap, std::function<void()> const& doing)
{
    auto const before = heap.read().allocations;
    doing();
    // The worker is still busy with the end of the last message when its echo is here.
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    return heap.read().allocations - before;
}

TEST_P(allocations, none_for_a_message)
{
    auto const& how = GetParam();
    backend const echo{how.format, how.how};
    heap_account* heap = nullptr;
    gateway const gate{
        {.backend_socket = echo.path(),
         .format = how.format,
         .chacha20_poly1305 = how.chacha20_poly1305},
        [&] { heap = &heap_of_this_thread(); },
    };
    devices fleet{
        gate.port(),
        how.chacha20_poly1305 ? crypto::aead_algorithm::chacha20_poly1305
                              : crypto::aead_algorithm::aes_256_gcm,
    };
    fleet.enter(fleet_size);
    gate.wait_for_sessions(fleet_size);

    std::vector<std::uint8_t> const message(how.message, 'm');
    // What the worker does each second runs beside messages once, so that Asio's store of
    // operations has grown.
    auto const warm = std::chrono::steady_clock::now() + std::chrono::milliseconds{2'200};
    for (std::size_t i = 0; i < warm_up_rounds || std::chrono::steady_clock::now() < warm; ++i)
        fleet.echo(message);
    ASSERT_GT(heap->read().allocations, 0u);
    auto const seen = counted(*heap, [&] {
        for (std::size_t i = 0; i < counted_rounds; ++i)
            fleet.echo(message);
    });
    std::printf(
        "%-28s %zu messages echoed, %llu allocations\n",
        how.name,
        counted_rounds * fleet_size,
        static_cast<unsigned long long>(seen)
    );
    EXPECT_EQ(seen, 0u);
}

INSTANTIATE_TEST_SUITE_P(
    messages,
    allocations,
    testing::Values(
        allocation_case{"ndjson", config::record_format::ndjson, answering::echoes, false, 128},
        allocation_case{
            "ndjson_chacha", config::record_format::ndjson, answering::echoes, true, 128},
        allocation_case{
            "ndjson_by_device",
            config::record_format::ndjson,
            answering::echoes_by_device,
            false,
            128},
        allocation_case{
            "ndjson_fragmented", config::record_format::ndjson, answering::echoes, false, 1'500},
        allocation_case{"records", config::record_format::records, answering::echoes, false, 128},
        allocation_case{
            "records_fragmented", config::record_format::records, answering::echoes, false, 1'500}
    ),
    [](auto const& one) { return std::string{one.param.name}; }
);

TEST(allocations, none_for_a_ping)
{
    backend const sink{config::record_format::ndjson, answering::nothing};
    heap_account* heap = nullptr;
    gateway const gate{{.backend_socket = sink.path()}, [&] { heap = &heap_of_this_thread(); }};
    devices fleet{gate.port()};
    fleet.enter(64);
    gate.wait_for_sessions(64);
    fleet.ping();
    auto const seen = counted(*heap, [&] {
        for (std::size_t i = 0; i + 1 < pings_a_second; ++i)
            fleet.ping();
    });
    EXPECT_EQ(seen, 0u);
}

// Connections that prove nothing. Their coroutine and socket are made and freed again, so what
// counts is that a flood leaves nothing behind; the number of allocations is for information.
TEST(allocations, junk_leaves_nothing_behind)
{
    backend const sink{config::record_format::ndjson, answering::nothing};
    heap_account* heap = nullptr;
    gateway const gate{{.backend_socket = sink.path()}, [&] { heap = &heap_of_this_thread(); }};
    gate.wait_for_sessions(0);
    constexpr std::size_t connections = 500;
    std::array<std::uint8_t, 64> junk{};
    junk.fill('x');
    auto const send_junk = [&](std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            auto const socket = connect_tcp(gate.port());
            send_all(socket, junk);
            std::array<std::uint8_t, 1> end{};
            receive_exactly(socket, end);
        }
    };
    send_junk(100);
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    auto const before = heap->read();
    auto const made = counted(*heap, [&] { send_junk(connections); });
    std::printf(
        "junk connection: %.1f allocations\n",
        static_cast<double>(made) / static_cast<double>(connections)
    );
    EXPECT_LE(heap->read().live_bytes, before.live_bytes);
}

}  // namespace
}  // namespace gatehouse::bench
