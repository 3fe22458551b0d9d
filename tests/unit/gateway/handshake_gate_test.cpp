#include "gateway/handshake_gate.h"
#include "support/readable_error.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using newcomer = handshake_gate::newcomer;
using slot = unproven_order::slot;

constexpr time_point start{1'000s};

peer_address host(std::uint8_t last, std::uint8_t network = 0)
{
    return peer_address::v4({192, 0, network, last}, 1);
}

// One worker's handshakes behind a gate. Evicts as its owner would.
class scene {
public:
    explicit scene(admission_limits const& limits, std::size_t workers = 1)
        : ledger{limits}
        , gate{ledger, open, {limits.handshakes, limits.handshakes_per_address, workers}}
    {
    }

    result<> ask(time_point now, peer_address const& from, newcomer what = newcomer::said_hello)
    {
        answer = gate.ask(now, {from, what});
        if (!answer.admitted)
            return answer.admitted;
        if (answer.goes)
            end(*answer.goes);
        location = open.add(now, from);
        begun[location] = {from, ++last};
        return {};
    }

    void end(slot which)
    {
        open.remove(which);
        ledger.abandon_handshake(begun[which].peer);
        begun.erase(which);
    }

    // By the number that it had when it was the last.
    bool is_open(int which) const
    {
        return std::any_of(begun.begin(), begun.end(), [&](auto const& one) {
            return one.second.number == which;
        });
    }

    admission ledger;
    unproven_order open{16};
    struct entry {
        peer_address peer;
        int number = 0;
    };
    std::map<slot, entry> begun;
    handshake_gate gate;
    handshake_gate::answer answer;
    int last = 0;
    slot location = 0;  // of the last
};

TEST(handshake_gate, nobody_goes_while_there_is_room)
{
    scene at{{.handshakes = 2}};
    EXPECT_TRUE(at.ask(start, host(1)));
    EXPECT_TRUE(at.ask(start, host(1)));
    EXPECT_FALSE(at.answer.goes);
}

// A flood of one address, and a device that takes its time.
TEST(handshake_gate, a_flood_gets_in_its_own_way)
{
    for (auto const what : {newcomer::said_hello, newcomer::repeats})
        for (std::uint8_t const network : {std::uint8_t{0}, std::uint8_t{7}}) {
            scene at{{.handshakes = 8}};
            for (int i = 0; i < 20; ++i)
                static_cast<void>(at.ask(start, host(1), what));
            ASSERT_TRUE(at.ask(start, host(2, network), what));
            auto const slow = at.last;
            for (int i = 1; i < 5'000; ++i)
                static_cast<void>(at.ask(start + std::chrono::milliseconds{i}, host(1), what));
            EXPECT_TRUE(at.is_open(slow)) << int{network};
            EXPECT_EQ(at.open.size(), 8U);
        }
}

TEST(handshake_gate, many_addresses_of_one_network_get_in_their_own_way)
{
    scene at{{.handshakes = 8}};
    for (std::uint8_t i = 0; i < 100; ++i)
        static_cast<void>(at.ask(start, host(i)));
    ASSERT_TRUE(at.ask(start, host(1, 7)));
    auto const slow = at.last;
    for (int i = 1; i < 5'000; ++i)
        static_cast<void>(
            at.ask(start + std::chrono::milliseconds{i}, host(static_cast<std::uint8_t>(i % 250)))
        );
    EXPECT_TRUE(at.is_open(slow));
}

TEST(handshake_gate, of_its_own_address_the_oldest_goes_at_once)
{
    scene at{{.handshakes = 2}};
    ASSERT_TRUE(at.ask(start, host(1)));
    auto const first = at.last;
    ASSERT_TRUE(at.ask(start, host(1)));
    ASSERT_TRUE(at.ask(start, host(1)));
    EXPECT_FALSE(at.is_open(first));
    EXPECT_EQ(at.answer.full, error::limit_handshakes);
}

TEST(handshake_gate, where_hellos_are_repeated_its_own_have_time)
{
    scene at{{.handshakes = 9, .handshakes_per_address = 2}};
    ASSERT_TRUE(at.ask(start, host(1), newcomer::repeats));
    auto const first = at.last;
    ASSERT_TRUE(at.ask(start, host(1), newcomer::repeats));
    EXPECT_EQ(at.ask(start, host(1), newcomer::repeats), error::limit_handshakes_per_address);
    EXPECT_TRUE(at.answer.others_have_more);
    EXPECT_TRUE(at.ask(start, host(2), newcomer::repeats));
    ASSERT_TRUE(at.ask(start + handshake_gate::patience, host(1), newcomer::repeats));
    EXPECT_FALSE(at.is_open(first));
}

TEST(handshake_gate, for_a_stranger_the_oldest_goes_when_it_had_its_time)
{
    scene at{{.handshakes = 2}};
    ASSERT_TRUE(at.ask(start, host(1, 1)));
    auto const first = at.last;
    ASSERT_TRUE(at.ask(start + 1ms, host(1, 2)));
    EXPECT_EQ(at.ask(start + 999ms, host(1, 3)), error::limit_handshakes);
    ASSERT_TRUE(at.ask(start + 1s, host(1, 3)));
    EXPECT_FALSE(at.is_open(first));
}

TEST(handshake_gate, nobody_of_fewer_goes_however_long_it_takes)
{
    scene at{{.handshakes = 2}};
    ASSERT_TRUE(at.ask(start, host(1, 1)));
    auto const slow = at.last;
    ASSERT_TRUE(at.ask(start + 5s, host(1, 2)));
    for (int i = 0; i < 10; ++i)
        ASSERT_TRUE(at.ask(start + 5s, host(1, 2)));
    EXPECT_TRUE(at.is_open(slow));
}

TEST(handshake_gate, only_a_crowd_goes_for_who_has_said_nothing)
{
    scene at{{.handshakes = 2}};
    ASSERT_TRUE(at.ask(start, host(1, 1)));
    ASSERT_TRUE(at.ask(start, host(1, 2)));
    EXPECT_EQ(at.ask(start + 5s, host(1, 1), newcomer::said_nothing), error::limit_handshakes);
    EXPECT_EQ(at.ask(start + 5s, host(1, 3), newcomer::said_nothing), error::limit_handshakes);
    ASSERT_TRUE(at.ask(start + 5s, host(1, 1)));
    at.end(at.location);
    ASSERT_TRUE(at.ask(start + 5s, host(2, 2)));
    EXPECT_TRUE(at.ask(start + 5s, host(1, 3), newcomer::said_nothing));
}

TEST(handshake_gate, a_worker_has_its_share_whatever_others_hold)
{
    scene at{{.handshakes = 4}, 2};
    for (std::uint8_t i = 0; i < 4; ++i)
        ASSERT_TRUE(at.ledger.begin_handshake(start, host(1, i)));  // another worker's
    ASSERT_TRUE(at.ask(start, host(2, 10)));
    ASSERT_TRUE(at.ask(start, host(2, 11)));
    EXPECT_EQ(at.ask(start, host(2, 12)), error::limit_handshakes);
    EXPECT_TRUE(at.answer.others_have_more);
}

TEST(handshake_gate, a_surplus_goes_whether_there_is_room_or_not)
{
    scene at{{.handshakes = 9}};
    ASSERT_TRUE(at.ask(start, host(1)));
    auto const surplus = *at.open.oldest();
    auto const answer =
        at.gate.ask(start, {.who = host(1), .what = newcomer::repeats, .surplus = surplus});
    EXPECT_TRUE(answer.admitted);
    EXPECT_EQ(answer.goes, surplus);
}

TEST(handshake_gate, nobody_goes_for_one_that_another_limit_refuses)
{
    scene at{{.sessions = 1, .handshakes_per_second = 2, .handshakes = 1}};
    ASSERT_TRUE(at.ask(start, host(1)));
    auto const first = at.last;
    ASSERT_TRUE(at.ask(start, host(1)));
    EXPECT_FALSE(at.is_open(first));
    auto const second = at.last;
    EXPECT_EQ(at.ask(start, host(1)), error::limit_handshake_rate);
    EXPECT_TRUE(at.is_open(second));
    ASSERT_TRUE(at.ledger.begin_session(host(1)));
    EXPECT_EQ(at.ask(start + 1s, host(2)), error::limit_sessions);
    EXPECT_FALSE(at.answer.others_have_more);
}

}  // namespace
}  // namespace gatehouse::test
