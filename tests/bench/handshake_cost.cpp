// CPU time of the worker for one handshake, from accept to close, beside the bare cryptography that
// it cannot do without and the bare system calls.
#include "bench/support/backend.h"
#include "bench/support/bare_crypto.h"
#include "bench/support/bare_relay.h"
#include "bench/support/devices.h"
#include "bench/support/gateway.h"
#include "bench/support/memory_handshakes.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <thread>

namespace gatehouse::bench {
namespace {

constexpr std::size_t round_count = 15;
constexpr std::size_t handshakes_a_round = 200;

using std::chrono::nanoseconds;

template <class Work>
void measure(thread_clock const& clock, rounds& into, Work work)
{
    auto const before = clock.read();
    for (std::size_t i = 0; i < handshakes_a_round; ++i)
        work();
    // The other thread finishes what it had to do for the last one.
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
    into.add(clock.read() - before, handshakes_a_round);
}

void plain_handshake(std::uint16_t port)
{
    std::array<std::uint8_t, 76> frame{};
    auto const line = connect_tcp(port);
    send_all(line, bytes{frame}.first(50));
    receive_exactly(line, frame);
    send_all(line, bytes{frame}.first(44));
    receive_exactly(line, mutable_bytes{frame}.first(60));
}

struct costs {
    rounds whole;
    rounds machine;
    rounds crypto;
    rounds calls;
    std::array<rounds, 4> parts;
    rounds signed_whole;
    rounds signed_crypto;
    std::array<rounds, 2> signed_parts;
};

void measure_parts(bare_crypto& bare, std::array<rounds, 4>& parts)
{
    auto const own = thread_clock::of_this_thread();
    measure(own, parts[0], [&] { bare.make_key(); });
    measure(own, parts[1], [&] { bare.agree(); });
    measure(own, parts[2], [&] { bare.derive_keys(); });
    measure(own, parts[3], [&] { bare.prove(); });
}

costs measure_all()
{
    backend const sink{config::record_format::ndjson, answering::nothing};
    backend const other_sink{config::record_format::ndjson, answering::nothing};
    gateway const gate{{.backend_socket = sink.path()}};
    bare_doorman const doorman{other_sink.path()};
    backend const signed_sink{config::record_format::ndjson, answering::nothing};
    gateway const signed_gate{{.backend_socket = signed_sink.path(), .protocol = "spp"}};
    gate.wait_for_sessions(0);
    signed_gate.wait_for_sessions(0);
    devices fleet{gate.port()};
    devices signed_fleet{signed_gate.port()};
    signed_fleet.speak_spp();
    bare_crypto bare;
    memory_handshakes machine;
    auto const own = thread_clock::of_this_thread();

    costs made;
    for (std::size_t round = 0; round <= round_count; ++round) {
        costs warm_up;
        auto& into = round > 0 ? made : warm_up;
        measure(gate.clock(), into.whole, [&] {
            fleet.enter(1);
            fleet.leave();
        });
        measure(doorman.clock(), into.calls, [&] { plain_handshake(doorman.port()); });
        measure(own, into.crypto, [&] { bare.whole_handshake(); });
        nanoseconds spent{};
        for (std::size_t i = 0; i < handshakes_a_round; ++i)
            machine.run(spent);
        into.machine.add(spent, handshakes_a_round);
        measure_parts(bare, into.parts);
        measure(signed_gate.clock(), into.signed_whole, [&] {
            signed_fleet.enter(1);
            signed_fleet.leave();
        });
        measure(own, into.signed_crypto, [&] { bare.whole_signed_handshake(); });
        measure(own, into.signed_parts[0], [&] { bare.sign(); });
        measure(own, into.signed_parts[1], [&] { bare.verify(); });
    }
    return made;
}

void print(char const* what, double cost, double bare)
{
    std::printf("%-58s %8.1f %8.2f\n", what, cost / 1'000, cost / bare);
}

}  // namespace
}  // namespace gatehouse::bench

int main()
{
    using namespace gatehouse::bench;
    stay_on_one_core();
    auto const seen = measure_all();
    auto const bare = seen.crypto.median_ns();
    auto const whole = seen.whole.median_ns();
    auto const calls = seen.calls.median_ns();
    std::printf(
        "CPU microseconds for one handshake; medians of %zu rounds\n%-58s %8s %8s\n",
        round_count,
        "",
        "us",
        "ratio"
    );
    print("bare cryptography (what ratios are to)", bare, bare);
    print("  X25519 key", seen.parts[0].median_ns(), bare);
    print("  X25519 shared secret", seen.parts[1].median_ns(), bare);
    print("  HKDF to two keys", seen.parts[2].median_ns(), bare);
    print("  HMAC, each of two", seen.parts[3].median_ns(), bare);
    print("our state machine in memory, ephemeral key included", seen.machine.median_ns(), bare);
    print("bare system calls, accept to close, two records", calls, bare);
    print("the worker, accept to close", whole, bare);
    print("the worker without the bare system calls", whole - calls, bare);
    auto const signed_bare = seen.signed_crypto.median_ns();
    auto const signed_whole = seen.signed_whole.median_ns();
    std::printf("SPP, with a first record\n");
    print("bare cryptography (what these ratios are to)", signed_bare, signed_bare);
    print("  Ed25519 signature", seen.signed_parts[0].median_ns(), signed_bare);
    print("  Ed25519 verification", seen.signed_parts[1].median_ns(), signed_bare);
    print("the worker, accept to close", signed_whole, signed_bare);
    print("the worker without the bare system calls", signed_whole - calls, signed_bare);
}
