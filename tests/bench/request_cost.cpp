// CPU time of a PSSST request in memory, from its packet to its reply, beside the bare cryptography
// that it cannot do without; and of packets that are dropped.
#include "bench/support/bare_crypto.h"
#include "bench/support/cost.h"
#include "support/pssst_fixture.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

namespace gatehouse::bench {
namespace {

using std::chrono::nanoseconds;

constexpr std::size_t round_count = 15;
constexpr std::size_t packets_a_round = 200;
constexpr std::size_t message_size = 64;

// The listener's half of it; devices make their packets before the clock runs.
class listener {
public:
    explicit listener(test::pssst_world_setup const& setup) : world_{setup} {}

    std::vector<test::byte_string> packets(std::string const& client, std::string const& key = "g1")
    {
        std::vector<test::byte_string> made;
        for (std::size_t i = 0; i < packets_a_round; ++i) {
            auto const request = world_.request(test::byte_string(message_size, 1), client, key);
            made.push_back(test::copy_of(request.packet()));
        }
        return made;
    }

    // As a port does it.
    void take(mutable_bytes packet)
    {
        auto& door = world_.door;
        world_.out.clear();
        if (door.look(packet).what == datagram_look::verdict::refused)
            return;
        if (door.meet(world_.now, from_, packet, world_.out) != datagram_door::welcome::open)
            return;
        auto const session = door.open(world_.now + std::chrono::seconds{10});
        if (!session->receive(world_.now, packet, world_.out))
            return;
        if (!session->send(world_.now, reply_, world_.out))
            std::abort();
        ++answered_;
    }

    std::size_t answered() const { return answered_; }

private:
    test::pssst_world world_;
    peer_address from_ = peer_address::v4({192, 0, 2, 1}, 40000);
    test::byte_string reply_ = test::byte_string(message_size, 2);
    std::size_t answered_ = 0;
};

test::pssst_world_setup usual()
{
    test::pssst_world_setup made;
    made.once = std::uint64_t{1} << 20;
    made.remembered = {65'536, std::size_t{16} << 20, std::chrono::minutes{5}};
    return made;
}

test::pssst_world_setup with_three_keys()
{
    auto made = usual();
    made.gateway_keys = {{"g3"}, {"g2"}, {"g1"}};
    return made;
}

struct packet_case {
    char const* what;
    std::function<std::vector<test::byte_string>(listener&)> make;
    bool is_answered = false;
    test::pssst_world_setup setup = usual();
    rounds cost{};
};

std::vector<test::byte_string> changed(
    std::vector<test::byte_string> packets, std::function<void(test::byte_string&)> const& change
)
{
    for (auto& packet : packets)
        change(packet);
    return packets;
}

std::vector<packet_case> all_cases()
{
    auto const cut = [](test::byte_string& packet) { packet.resize(40); };
    auto const spoil = [](test::byte_string& packet) { packet.back() ^= 1; };
    return {
        {"authenticated request", [](listener& at) { return at.packets("meter-4"); }, true},
        {"anonymous request", [](listener& at) { return at.packets(""); }, true},
        {"authenticated, under the third of three gateway keys",
         [](listener& at) { return at.packets("meter-4"); },
         true,
         with_three_keys()},
        {"repeated request, answered again",
         [](listener& at) {
             auto made = at.packets("meter-4");
             for (auto packet : made)
                 at.take(packet);
             return made;
         }},
        {"dropped: too short", [=](listener& at) { return changed(at.packets(""), cut); }},
        {"dropped: opens under no key",
         [=](listener& at) { return changed(at.packets(""), spoil); }},
        {"dropped: opens under none of three keys",
         [=](listener& at) { return changed(at.packets(""), spoil); },
         false,
         with_three_keys()},
        {"dropped: unknown client", [](listener& at) { return at.packets("stranger"); }},
    };
}

void measure(packet_case& one, rounds& into)
{
    listener at{one.setup};
    auto packets = one.make(at);
    auto const before_count = at.answered();
    auto const clock = thread_clock::of_this_thread();
    auto const before = clock.read();
    for (auto& packet : packets)
        at.take(packet);
    into.add(clock.read() - before, packets.size());
    if (at.answered() - before_count != (one.is_answered ? packets.size() : 0))
        std::abort();
}

template <class Work>
void measure_bare(rounds& into, Work work)
{
    auto const clock = thread_clock::of_this_thread();
    auto const before = clock.read();
    for (std::size_t i = 0; i < packets_a_round; ++i)
        work();
    into.add(clock.read() - before, packets_a_round);
}

}  // namespace
}  // namespace gatehouse::bench

int main()
{
    using namespace gatehouse::bench;
    stay_on_one_core();
    bare_crypto bare;
    rounds agreement;
    rounds rest;
    auto cases = all_cases();
    for (std::size_t round = 0; round <= round_count; ++round) {
        rounds warm_up;
        measure_bare(round > 0 ? agreement : warm_up, [&] { bare.agree(); });
        measure_bare(round > 0 ? rest : warm_up, [&] {
            bare.hash();
            bare.open_and_seal(message_size);
        });
        for (auto& one : cases)
            measure(one, round > 0 ? one.cost : warm_up);
    }
    auto const one = agreement.median_ns() + rest.median_ns();
    auto const two = one + agreement.median_ns();
    std::printf(
        "CPU microseconds; medians of %zu rounds, messages of %zu bytes\n",
        round_count,
        message_size
    );
    std::printf("%-58s %8.2f\n", "bare X25519 agreement", agreement.median_ns() / 1'000);
    std::printf(
        "%-58s %8.2f\n",
        "bare SHA-256 of 64 bytes, AES-128-GCM open and seal",
        rest.median_ns() / 1'000
    );
    std::printf("%-58s %8.2f\n", "bare cryptography of an anonymous request", one / 1'000);
    std::printf("%-58s %8.2f\n", "bare cryptography of an authenticated request", two / 1'000);
    for (auto const& each : cases)
        std::printf("%-58s %8.2f\n", each.what, each.cost.median_ns() / 1'000);
}
