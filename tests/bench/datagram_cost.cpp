// CPU time of the worker for one datagram, beside a bare loop that reads as many at once and
// answers each with as many bytes. Rounds alternate, so that what the machine does meanwhile meets
// both.
#include "bench/support/backend.h"
#include "bench/support/bare_datagrams.h"
#include "bench/support/datagram_devices.h"
#include "bench/support/gateway.h"
#include "bench/support/stray_datagrams.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <functional>
#include <thread>
#include <vector>

#include <sys/socket.h>

namespace gatehouse::bench {
namespace {

constexpr std::size_t message_size = 128;
constexpr std::size_t round_count = 21;
constexpr std::size_t datagrams_a_round = 2'048;

constexpr std::size_t plain_ack = 7;
constexpr std::size_t proven_ack = 15;
constexpr std::size_t hello_retry = 28;

// Plain sockets whose datagrams are so long, and so are the answers.
class plain_lines {
public:
    plain_lines(std::uint16_t port, std::size_t count, std::size_t size) : datagram_(size)
    {
        for (std::size_t i = 0; i < count; ++i)
            lines_.push_back(connect_udp(port));
    }

    void exchange()
    {
        for (auto const& line : lines_)
            send_all(line, datagram_);
        std::array<std::uint8_t, 1024> answer{};
        for (auto const& line : lines_)
            if (::recv(line.get(), answer.data(), answer.size(), 0) <= 0)
                give_up("nothing answers");
    }

private:
    std::vector<std::uint8_t> datagram_;
    std::vector<descriptor> lines_;
};

struct measured {
    rounds ours;
    rounds bare;
};

void print(char const* what, measured const& seen)
{
    auto const ours = seen.ours.median_ns();
    auto const bare = seen.bare.median_ns();
    std::printf("%-44s %8.2f %8.2f %8.2f\n", what, ours / 1'000, bare / 1'000, ours / bare);
}

gateway_setup setup_for(backend const& sink)
{
    return {
        .backend_socket = sink.path(),
        .format = config::record_format::records,
        .transport = config::transport::udp,
        .cookies = usmp::cookie_policy::always,
    };
}

void measure(
    thread_clock const& clock, rounds& into, std::size_t times, std::function<void()> const& doing
)
{
    auto const before = clock.read();
    for (std::size_t i = 0; i < times; ++i)
        doing();
    into.add(clock.read() - before, datagrams_a_round);
}

// A message of each device, and its acknowledgement when the backend has it.
void compare_messages(std::size_t devices)
{
    backend const sink{config::record_format::records, answering::nothing};
    gateway const gate{setup_for(sink)};
    datagram_devices fleet{gate.port()};
    fleet.enter(devices);
    gate.wait_for_sessions(devices);
    std::vector<std::uint8_t> const message(message_size, 'm');
    fleet.say(message);
    bare_datagrams const echo{{proven_ack}};
    plain_lines lines{echo.port(), devices, fleet.last_sent().size()};
    auto const times = datagrams_a_round / devices;

    measured seen;
    for (std::size_t round = 0; round <= round_count; ++round) {
        measured warm_up;
        auto& into = round > 0 ? seen : warm_up;
        measure(gate.clock(), into.ours, times, [&] { fleet.say(message); });
        measure(echo.clock(), into.bare, times, [&] { lines.exchange(); });
    }
    std::array<char, 64> what{};
    std::snprintf(what.data(), what.size(), "message and UTACK, %zu at once", devices);
    print(what.data(), seen);
}

struct stray_case {
    char const* what;
    stray_kind kind;
    std::vector<std::size_t> answers;
};

// How many datagrams the gateway has judged that are neither of the device nor answered to it.
std::uint64_t judged(metrics::listener_cells const& cells)
{
    auto const sum = [](auto const& all) {
        std::uint64_t total = 0;
        for (auto const& one : all)
            total += one.value();
        return total;
    };
    return sum(cells.rejected) + sum(cells.dropped) + cells.hello_retries.value();
}

template <class Count>
void wait_for(std::uint64_t wanted, Count count)
{
    using namespace std::chrono_literals;
    auto const patience = std::chrono::steady_clock::now() + 5s;
    while (count() < wanted) {
        if (std::chrono::steady_clock::now() > patience)
            give_up("waiting for stray datagrams");
        std::this_thread::sleep_for(20us);
    }
}

void compare_strays(stray_case const& one)
{
    backend const sink{config::record_format::records, answering::nothing};
    gateway const gate{setup_for(sink)};
    datagram_devices fleet{gate.port()};
    fleet.enter(1);
    gate.wait_for_sessions(1);
    fleet.say(std::vector<std::uint8_t>(message_size, 'm'));
    auto const stray = make_stray(one.kind, fleet.last_sent());
    bare_datagrams const echo{one.answers};
    stray_sender to_us{gate.port()};
    stray_sender to_echo{echo.port()};
    auto const times = datagrams_a_round / stray_sender::burst;

    measured seen;
    for (std::size_t round = 0; round <= round_count; ++round) {
        measured warm_up;
        auto& into = round > 0 ? seen : warm_up;
        measure(gate.clock(), into.ours, times, [&] {
            auto const before = judged(gate.listener());
            to_us.send(stray);
            wait_for(before + stray_sender::burst, [&] { return judged(gate.listener()); });
        });
        measure(echo.clock(), into.bare, times, [&] {
            auto const before = echo.received();
            to_echo.send(stray);
            wait_for(before + stray_sender::burst, [&] { return echo.received(); });
        });
    }
    print(one.what, seen);
}

}  // namespace
}  // namespace gatehouse::bench

int main()
{
    using namespace gatehouse::bench;
    stay_on_one_core();
    std::printf(
        "CPU microseconds of one thread for one datagram; medians of %zu rounds\n"
        "%-44s %8s %8s %8s\n",
        round_count,
        "",
        "gateway",
        "bare",
        "ratio"
    );
    for (std::size_t const devices : {1u, 16u, 64u})
        compare_messages(devices);
    std::array const strays{
        stray_case{"HELLO without cookie", stray_kind::hello, {plain_ack, hello_retry}},
        stray_case{"junk", stray_kind::junk, {}},
        stray_case{"UTACK for nothing", stray_kind::acknowledgement, {}},
        stray_case{"frame of an unknown session", stray_kind::unknown_session, {}},
        stray_case{"frame of a live session, wrong checksum", stray_kind::garbled, {}},
        stray_case{"frame of a live session, forged", stray_kind::forged, {}},
        stray_case{"frame of a live session, replayed", stray_kind::replayed, {proven_ack}},
    };
    for (auto const& one : strays)
        compare_strays(one);
    std::printf("bare: recvmmsg and sendmmsg of as many bytes, and nothing else\n");
}
