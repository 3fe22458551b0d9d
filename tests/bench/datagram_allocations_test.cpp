// Once warm, a datagram costs the gateway no heap allocation, whoever sends it. What OpenSSL itself
// allocates while it computes, and gives back at once, is counted apart: its HMAC does so in each
// acknowledgement that is proven or judged.
#include "bench/support/backend.h"
#include "bench/support/datagram_devices.h"
#include "bench/support/gateway.h"
#include "bench/support/heap.h"
#include "bench/support/stray_datagrams.h"

#include <gtest/gtest.h>
#include <openssl/crypto.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <thread>
#include <vector>

// glibc's own names for what the counting heap replaces.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void __libc_free(void* block);
}

namespace gatehouse::bench {
namespace {

constexpr std::size_t fleet_size = 16;
constexpr std::size_t message_size = 128;
constexpr std::size_t warm_up_rounds = 64;
constexpr std::size_t counted_rounds = 200;
constexpr std::size_t counted_bursts = 25;

// The gateway ends a session that sends more than 8 control frames a second.
constexpr std::size_t pings_a_second = 7;

// OpenSSL's own allocations, which go past the counting heap. It asks before its first one only, so
// this is settled before main.
std::atomic<std::uint64_t> library_allocations{0};

void* library_malloc(std::size_t size, char const*, int)
{
    library_allocations.fetch_add(1, std::memory_order_relaxed);
    return __libc_malloc(size);
}

void* library_realloc(void* block, std::size_t size, char const*, int)
{
    library_allocations.fetch_add(1, std::memory_order_relaxed);
    return __libc_realloc(block, size);
}

void library_free(void* block, char const*, int)
{
    __libc_free(block);
}

bool const library_is_apart =
    ::CRYPTO_set_mem_functions(library_malloc, library_realloc, library_free) == 1;

// What doing something takes from the worker's heap, and what it keeps.
struct spent {
    std::uint64_t allocations = 0;
    std::int64_t kept = 0;
};

spent counted(heap_account const& heap, std::function<void()> const& doing)
{
    auto const before = heap.read();
    doing();
    // The worker is still busy with the end of the last datagram when its answer is here.
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    auto const after = heap.read();
    return {after.allocations - before.allocations, after.live_bytes - before.live_bytes};
}

// The worker makes keys and connects to its backend when it starts: until that is over.
void wait_until_idle(heap_account const& heap)
{
    constexpr std::chrono::milliseconds quiet{100};
    for (;;) {
        auto const seen = heap.read().allocations + library_allocations.load();
        std::this_thread::sleep_for(quiet);
        if (seen == heap.read().allocations + library_allocations.load())
            return;
    }
}

struct message_case {
    char const* name;
    config::record_format format;
    answering how;
    bool chacha20_poly1305;
    std::size_t message;
};

class datagram_messages : public testing::TestWithParam<message_case> {};

TEST_P(datagram_messages, allocate_nothing)
{
    auto const& how = GetParam();
    backend const other_end{how.format, how.how};
    heap_account* heap = nullptr;
    gateway const gate{
        {.backend_socket = other_end.path(),
         .format = how.format,
         .chacha20_poly1305 = how.chacha20_poly1305,
         .transport = config::transport::udp},
        [&] { heap = &heap_of_this_thread(); },
    };
    datagram_devices fleet{
        gate.port(),
        how.chacha20_poly1305 ? crypto::aead_algorithm::chacha20_poly1305
                              : crypto::aead_algorithm::aes_256_gcm,
    };
    fleet.enter(fleet_size);
    gate.wait_for_sessions(fleet_size);

    std::vector<std::uint8_t> const message(how.message, 'm');
    auto const exchange = [&](std::size_t times) {
        for (std::size_t i = 0; i < times; ++i)
            how.how == answering::nothing ? fleet.say(message) : fleet.echo(message);
    };
    exchange(warm_up_rounds);
    wait_until_idle(*heap);
    exchange(1);
    auto const library_before = library_allocations.load();
    auto const seen = counted(*heap, [&] { exchange(counted_rounds); });
    std::printf(
        "%-28s %zu messages, %llu allocations (OpenSSL on both ends: %.1f a message)\n",
        how.name,
        counted_rounds * fleet_size,
        static_cast<unsigned long long>(seen.allocations),
        static_cast<double>(library_allocations.load() - library_before) /
            static_cast<double>(counted_rounds * fleet_size)
    );
    // A buffer that all share may still grow to a batch larger than any before.
    constexpr std::uint64_t growing_buffers = 3;
    EXPECT_LE(seen.allocations, growing_buffers);
}

constexpr auto ndjson = config::record_format::ndjson;
constexpr auto records = config::record_format::records;

INSTANTIATE_TEST_SUITE_P(
    messages,
    datagram_messages,
    testing::Values(
        message_case{"up_ndjson", ndjson, answering::nothing, false, message_size},
        message_case{"up_records", records, answering::nothing, false, message_size},
        message_case{"up_chacha", records, answering::nothing, true, message_size},
        message_case{"up_fragmented", records, answering::nothing, false, 1'500},
        message_case{"echoed_ndjson", ndjson, answering::echoes, false, message_size},
        message_case{"echoed_by_device", ndjson, answering::echoes_by_device, false, message_size},
        message_case{"echoed_records", records, answering::echoes, false, message_size},
        message_case{"echoed_fragmented", records, answering::echoes, false, 1'500}
    ),
    [](auto const& one) { return std::string{one.param.name}; }
);

TEST(datagram_allocations, those_of_the_library_are_counted_apart)
{
    EXPECT_TRUE(library_is_apart);
}

TEST(datagram_allocations, none_for_a_ping)
{
    backend const sink{ndjson, answering::nothing};
    heap_account* heap = nullptr;
    gateway const gate{{.backend_socket = sink.path(), .transport = config::transport::udp}, [&] {
                           heap = &heap_of_this_thread();
                       }};
    datagram_devices fleet{gate.port()};
    fleet.enter(fleet_size);
    gate.wait_for_sessions(fleet_size);
    fleet.ping();
    wait_until_idle(*heap);
    auto const seen = counted(*heap, [&] {
        for (std::size_t i = 0; i + 1 < pings_a_second; ++i)
            fleet.ping();
    });
    EXPECT_EQ(seen.allocations, 0u);
}

// Where the gateway counts a datagram of this kind.
std::uint64_t count_of(metrics::listener_cells const& cells, stray_kind kind)
{
    auto const at = [](auto const& all, auto which) {
        return all.at(static_cast<std::size_t>(which)).value();
    };
    switch (kind) {
    case stray_kind::junk:
    case stray_kind::garbled:
        return at(cells.rejected, metrics::rejection::malformed);
    case stray_kind::acknowledgement:
    case stray_kind::proof:
        return at(cells.dropped, metrics::datagram_drop::stray);
    case stray_kind::hello:
        return cells.hello_retries.value();
    case stray_kind::hello_of_another_version:
        return at(cells.handshakes, metrics::handshake_result::unsupported);
    case stray_kind::unknown_session:
        return at(cells.dropped, metrics::datagram_drop::unknown_session);
    case stray_kind::forged:
        return at(cells.rejected, metrics::rejection::decrypt);
    case stray_kind::replayed:
        return at(cells.rejected, metrics::rejection::replay);
    }
    return 0;
}

struct stray_case {
    char const* name;
    stray_kind kind;
};

// A gateway with one device, whose messages show when the gateway has read what was sent before.
class besieged {
public:
    explicit besieged(usmp::cookie_policy cookies)
        : sink_{records, answering::nothing}
        , gate_{
              {.backend_socket = sink_.path(),
               .format = records,
               .transport = config::transport::udp,
               .cookies = cookies},
              [this] { heap_ = &heap_of_this_thread(); },
          }
        , device_{gate_.port()}
        , sender_{gate_.port()}
    {
        device_.enter(1);
        gate_.wait_for_sessions(1);
        device_.say(message_);
    }

    void send(bytes stray, std::size_t bursts)
    {
        for (std::size_t i = 0; i < bursts; ++i) {
            sender_.send(stray);
            device_.say(message_);
        }
    }

    bytes last_frame() const noexcept { return device_.last_sent(); }
    heap_account const& heap() const noexcept { return *heap_; }
    metrics::listener_cells const& cells() const noexcept { return gate_.listener(); }

private:
    std::vector<std::uint8_t> const message_ = std::vector<std::uint8_t>(message_size, 'm');
    heap_account* heap_ = nullptr;
    backend sink_;
    gateway gate_;
    datagram_devices device_;
    stray_sender sender_;
};

class stray_datagrams : public testing::TestWithParam<stray_case> {};

TEST_P(stray_datagrams, allocate_nothing)
{
    auto const kind = GetParam().kind;
    besieged gate{usmp::cookie_policy::always};
    spent seen;
    auto const endure = [&] {
        seen = {};
        for (std::size_t i = 0; i < counted_bursts; ++i) {
            // A replay must be recent to be told from what is too old.
            auto const stray = make_stray(kind, gate.last_frame());
            auto const one = counted(gate.heap(), [&] { gate.send(stray, 1); });
            seen.allocations += one.allocations;
            seen.kept += one.kept;
        }
    };
    endure();
    wait_until_idle(gate.heap());
    auto const before = count_of(gate.cells(), kind);
    endure();
    std::printf(
        "%-28s %zu datagrams, %llu allocations\n",
        GetParam().name,
        counted_bursts * stray_sender::burst,
        static_cast<unsigned long long>(seen.allocations)
    );
    EXPECT_EQ(count_of(gate.cells(), kind) - before, counted_bursts * stray_sender::burst);
    EXPECT_EQ(seen.allocations, 0u);
    EXPECT_LE(seen.kept, 0);
}

INSTANTIATE_TEST_SUITE_P(
    kinds,
    stray_datagrams,
    testing::Values(
        stray_case{"junk", stray_kind::junk},
        stray_case{"acknowledgement", stray_kind::acknowledgement},
        stray_case{"hello_without_cookie", stray_kind::hello},
        stray_case{"hello_of_another_version", stray_kind::hello_of_another_version},
        stray_case{"proof", stray_kind::proof},
        stray_case{"unknown_session", stray_kind::unknown_session},
        stray_case{"garbled", stray_kind::garbled},
        stray_case{"forged", stray_kind::forged},
        stray_case{"replayed", stray_kind::replayed}
    ),
    [](auto const& one) { return std::string{one.param.name}; }
);

// Without cookies a hello opens a handshake: from the reserve, until that is used up.
TEST(datagram_allocations, a_handshake_comes_from_the_reserve)
{
    besieged gate{usmp::cookie_policy::never};
    auto const hello = make_stray(stray_kind::hello, {});
    constexpr std::size_t warm_up_bursts = 2;
    constexpr std::size_t opening_bursts = 8;
    constexpr std::size_t bursts_to_the_limit = 16;
    constexpr std::size_t handshakes_at_once = 1'024;
    static_assert(bursts_to_the_limit * stray_sender::burst == handshakes_at_once);
    auto const limited = [&] {
        return gate.cells()
            .handshakes.at(static_cast<std::size_t>(metrics::handshake_result::limited))
            .value();
    };
    gate.send(hello, warm_up_bursts);
    wait_until_idle(gate.heap());
    auto const opened = counted(gate.heap(), [&] { gate.send(hello, opening_bursts); });
    EXPECT_EQ(limited(), 0u);
    // Asio keeps up to 8 blocks of memory for operations on each thread; a block that is too small
    // for a new one is replaced by a larger one, once each. A handshake that took memory of its own
    // would be seen 512 times.
    constexpr std::size_t operation_blocks = 8;
    constexpr std::int64_t larger_by = 16;
    EXPECT_LE(opened.allocations, operation_blocks);
    EXPECT_LE(opened.kept, static_cast<std::int64_t>(operation_blocks) * larger_by);

    gate.send(hello, bursts_to_the_limit);
    EXPECT_GT(limited(), 0u);
    auto const refused = counted(gate.heap(), [&] { gate.send(hello, 4); });
    std::printf(
        "handshakes opened: %llu allocations; refused: %llu\n",
        static_cast<unsigned long long>(opened.allocations),
        static_cast<unsigned long long>(refused.allocations)
    );
    EXPECT_EQ(refused.allocations, 0u);
    EXPECT_LE(refused.kept, 0);
}

}  // namespace
}  // namespace gatehouse::bench
