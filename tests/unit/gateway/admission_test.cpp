#include "gateway/admission.h"
#include "support/readable_error.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

constexpr time_point start{1'000s};

peer_address host(std::uint8_t last, std::uint16_t port = 1)
{
    return peer_address::v4({192, 0, 2, last}, port);
}

// A device that gets all the way in.
result<> enter(admission& door, peer_address const& peer, time_point now = start)
{
    if (auto const begun = door.begin_handshake(now, peer); !begun)
        return begun;
    return door.begin_session(peer);
}

// Handshakes that are let in at `now`, each given up at once.
unsigned burst(admission& door, time_point now, unsigned tries = 1'000)
{
    unsigned let_in = 0;
    for (unsigned i = 0; i < tries; ++i) {
        if (!door.begin_handshake(now, host(1)))
            continue;
        door.abandon_handshake(host(1));
        ++let_in;
    }
    return let_in;
}

TEST(admission, without_limits_everyone_gets_in)
{
    admission door{{}};
    for (int i = 0; i < 10'000; ++i)
        ASSERT_TRUE(enter(door, host(1)).has_value());
}

TEST(admission, sessions_have_a_limit)
{
    admission door{{.sessions = 3}};
    for (std::uint8_t i = 0; i < 3; ++i)
        EXPECT_TRUE(enter(door, host(i)).has_value());
    EXPECT_EQ(enter(door, host(9)), error::limit_sessions);
}

TEST(admission, a_session_that_ends_makes_room_for_one)
{
    admission door{{.sessions = 2}};
    EXPECT_TRUE(enter(door, host(1)).has_value());
    EXPECT_TRUE(enter(door, host(2)).has_value());
    door.end_session(host(1));
    EXPECT_TRUE(enter(door, host(3)).has_value());
    EXPECT_EQ(enter(door, host(4)), error::limit_sessions);
}

TEST(admission, a_full_gateway_refuses_before_the_handshake)
{
    admission door{{.sessions = 1}};
    EXPECT_TRUE(enter(door, host(1)).has_value());
    EXPECT_EQ(door.begin_handshake(start, host(2)), error::limit_sessions);
}

// Handshakes hold no session: the limit is looked at again when one becomes a session.
TEST(admission, of_handshakes_at_the_same_time_only_as_many_become_sessions_as_there_is_room)
{
    admission door{{.sessions = 1, .handshakes = 2}};
    EXPECT_TRUE(door.begin_handshake(start, host(1)).has_value());
    EXPECT_TRUE(door.begin_handshake(start, host(2)).has_value());
    EXPECT_TRUE(door.begin_session(host(1)).has_value());
    EXPECT_EQ(door.begin_session(host(2)), error::limit_sessions);
    // The refused one gave its slot back.
    door.end_session(host(1));
    EXPECT_TRUE(door.begin_handshake(start, host(1)).has_value());
    EXPECT_TRUE(door.begin_handshake(start, host(2)).has_value());
    EXPECT_EQ(door.begin_handshake(start, host(3)), error::limit_handshakes);
}

TEST(admission, sessions_of_one_address_have_a_limit)
{
    admission door{{.sessions_per_address = 2}};
    EXPECT_TRUE(enter(door, host(1)).has_value());
    EXPECT_TRUE(enter(door, host(1)).has_value());
    EXPECT_EQ(enter(door, host(1)), error::limit_sessions_per_address);
    EXPECT_TRUE(enter(door, host(2)).has_value());
    door.end_session(host(1));
    EXPECT_TRUE(enter(door, host(1)).has_value());
    EXPECT_EQ(enter(door, host(1)), error::limit_sessions_per_address);
}

TEST(admission, ports_do_not_make_another_address)
{
    admission door{{.sessions_per_address = 1}};
    EXPECT_TRUE(enter(door, host(1, 1'000)).has_value());
    EXPECT_EQ(enter(door, host(1, 2'000)), error::limit_sessions_per_address);
    door.end_session(host(1, 3'000));
    EXPECT_TRUE(enter(door, host(1, 4'000)).has_value());
}

// A device may use any address of its IPv6 network.
TEST(admission, an_ipv6_network_of_64_bits_counts_as_one_address)
{
    admission door{{.sessions_per_address = 2}};
    peer_address const here{
        .ip = {0x20, 1, 0x0d, 0xb8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1}, .port = 1};
    auto neighbour = here;
    neighbour.ip[8] = 0xff;
    neighbour.ip[15] = 7;
    auto elsewhere = here;
    elsewhere.ip[7] = 2;
    EXPECT_TRUE(enter(door, here).has_value());
    EXPECT_TRUE(enter(door, neighbour).has_value());
    EXPECT_EQ(enter(door, here), error::limit_sessions_per_address);
    EXPECT_EQ(enter(door, neighbour), error::limit_sessions_per_address);
    EXPECT_TRUE(enter(door, elsewhere).has_value());
    door.end_session(neighbour);
    EXPECT_TRUE(enter(door, here).has_value());
}

TEST(admission, of_handshakes_of_one_address_only_as_many_become_sessions_as_there_is_room)
{
    admission door{{.sessions_per_address = 1}};
    EXPECT_TRUE(door.begin_handshake(start, host(1)).has_value());
    EXPECT_TRUE(door.begin_handshake(start, host(1)).has_value());
    EXPECT_TRUE(door.begin_session(host(1)).has_value());
    EXPECT_EQ(door.begin_session(host(1)), error::limit_sessions_per_address);
    // The refused one is not counted: one end makes room.
    door.end_session(host(1));
    EXPECT_TRUE(enter(door, host(1)).has_value());
}

TEST(admission, every_address_may_use_its_whole_share)
{
    admission door{{.sessions_per_address = 3}};
    for (std::uint8_t last = 0; last < 255; ++last)
        for (int i = 0; i < 3; ++i)
            ASSERT_TRUE(enter(door, host(last)).has_value());
    for (std::uint8_t last = 0; last < 255; ++last)
        ASSERT_EQ(enter(door, host(last)), error::limit_sessions_per_address);
}

TEST(admission, handshakes_at_once_have_a_limit)
{
    admission door{{.handshakes = 2}};
    EXPECT_TRUE(door.begin_handshake(start, host(1)).has_value());
    EXPECT_TRUE(door.begin_handshake(start, host(1)).has_value());
    EXPECT_EQ(door.begin_handshake(start, host(1)), error::limit_handshakes);
}

TEST(admission, a_failed_handshake_gives_its_slot_back)
{
    admission door{{.handshakes = 1}};
    EXPECT_TRUE(door.begin_handshake(start, host(1)).has_value());
    door.abandon_handshake(host(1));
    EXPECT_TRUE(door.begin_handshake(start, host(1)).has_value());
}

TEST(admission, a_handshake_that_became_a_session_gives_its_slot_back)
{
    admission door{{.handshakes = 1}};
    EXPECT_TRUE(enter(door, host(1)).has_value());
    EXPECT_TRUE(enter(door, host(1)).has_value());
}

TEST(admission, a_refused_handshake_takes_no_slot)
{
    admission door{{.sessions = 1, .handshakes = 1}};
    EXPECT_TRUE(enter(door, host(1)).has_value());
    EXPECT_EQ(door.begin_handshake(start, host(2)), error::limit_sessions);
    door.end_session(host(1));
    EXPECT_TRUE(door.begin_handshake(start, host(2)).has_value());
}

TEST(admission_rate, starts_with_one_seconds_worth)
{
    admission door{{.handshakes_per_second = 50}};
    EXPECT_EQ(burst(door, start), 50U);
    EXPECT_EQ(door.begin_handshake(start, host(1)), error::limit_handshake_rate);
}

TEST(admission_rate, what_was_used_comes_back_with_time)
{
    admission door{{.handshakes_per_second = 50}};
    burst(door, start);
    EXPECT_EQ(burst(door, start + 19ms), 0U);
    EXPECT_EQ(burst(door, start + 21ms), 1U);
    EXPECT_EQ(burst(door, start + 121ms), 5U);
    EXPECT_EQ(burst(door, start + 1'121ms), 50U);
}

TEST(admission_rate, saves_up_no_more_than_one_second)
{
    admission door{{.handshakes_per_second = 50}};
    burst(door, start);
    EXPECT_EQ(burst(door, start + 24h), 50U);
}

TEST(admission_rate, holds_over_a_minute_however_often_it_is_asked)
{
    for (std::uint32_t const rate : {1U, 3U, 7U, 1'000U}) {
        admission door{{.handshakes_per_second = rate}};
        unsigned let_in = 0;
        for (auto now = start; now <= start + 60s; now += 313us)
            let_in += burst(door, now, 2);
        EXPECT_LE(let_in, rate * 61);
        EXPECT_GE(let_in, rate * 61 - 1);
    }
}

// Workers read their clocks at different times.
TEST(admission_rate, time_that_goes_backwards_gives_nothing)
{
    admission door{{.handshakes_per_second = 10}};
    burst(door, start + 1s);
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(burst(door, start), 0U);
        EXPECT_EQ(burst(door, start + 1s), 0U);
    }
    EXPECT_EQ(burst(door, start + 2s + 1ms), 10U);
}

TEST(admission_rate, what_other_limits_refuse_costs_no_token)
{
    admission door{{.sessions = 1, .handshakes_per_second = 2, .handshakes = 1}};
    EXPECT_TRUE(enter(door, host(1)).has_value());
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(door.begin_handshake(start, host(1)), error::limit_sessions);
    door.end_session(host(1));
    EXPECT_TRUE(door.begin_handshake(start, host(1)).has_value());
    EXPECT_EQ(door.begin_handshake(start, host(1)), error::limit_handshakes);
}

// Those that had nothing overdraw a little, which is paid back.
TEST(admission_rate, is_shared_by_all_addresses)
{
    admission door{{.handshakes_per_second = 10}};
    unsigned let_in = 0;
    for (std::uint8_t last = 0; last < 100; ++last)
        let_in += door.begin_handshake(start, host(last)) ? 1U : 0U;
    EXPECT_GE(let_in, 10U);
    EXPECT_LE(let_in, 20U);
}

// Runs `work(0)` and `work(1)` at the same time.
template <class Work>
void on_two_threads(Work work)
{
    std::atomic<int> ready{0};
    std::vector<std::thread> threads;
    for (unsigned which = 0; which < 2; ++which)
        threads.emplace_back([&ready, work, which] {
            ++ready;
            while (ready < 2)
                std::this_thread::yield();
            work(which);
        });
    for (auto& one : threads)
        one.join();
}

TEST(admission_threads, two_workers_together_let_in_exactly_the_limit)
{
    for (int round = 0; round < 20; ++round) {
        admission door{{.sessions = 1'000}};
        std::atomic<unsigned> let_in{0};
        on_two_threads([&](unsigned which) {
            for (int i = 0; i < 1'000; ++i)
                let_in += enter(door, host(static_cast<std::uint8_t>(which))) ? 1U : 0U;
        });
        ASSERT_EQ(let_in, 1'000U);
    }
}

TEST(admission_threads, coming_and_going_never_passes_a_limit_and_loses_no_slot)
{
    constexpr unsigned limit = 3;
    admission door{{.sessions = limit, .sessions_per_address = 2, .handshakes = 2}};
    std::atomic<unsigned> live{0};
    std::atomic<unsigned> most{0};
    std::atomic<unsigned> entered{0};
    on_two_threads([&](unsigned which) {
        // Each thread keeps up to two sessions, so that they meet at the limit.
        auto const peer = host(static_cast<std::uint8_t>(which));
        unsigned own = 0;
        for (int i = 0; i < 20'000; ++i) {
            if (own < 2 && enter(door, peer)) {
                ++own;
                ++entered;
                auto const now = ++live;
                auto seen = most.load();
                while (seen < now && !most.compare_exchange_weak(seen, now)) {
                }
            } else if (own > 0) {
                --live;
                door.end_session(peer);
                --own;
            }
        }
        for (; own > 0; --own) {
            --live;
            door.end_session(peer);
        }
    });
    EXPECT_LE(most, limit);
    EXPECT_GT(entered, 1'000U);
    // Everything was given back, and no more than that.
    EXPECT_TRUE(enter(door, host(1)).has_value());
    EXPECT_TRUE(enter(door, host(1)).has_value());
    EXPECT_EQ(enter(door, host(1)), error::limit_sessions_per_address);
    EXPECT_TRUE(enter(door, host(2)).has_value());
    EXPECT_EQ(enter(door, host(2)), error::limit_sessions);
    door.end_session(host(2));
    EXPECT_TRUE(door.begin_handshake(start, host(2)).has_value());
    EXPECT_TRUE(door.begin_handshake(start, host(2)).has_value());
    EXPECT_EQ(door.begin_handshake(start, host(2)), error::limit_handshakes);
}

TEST(admission_threads, the_rate_is_exact_across_workers)
{
    admission door{{.handshakes_per_second = 100}};
    std::atomic<unsigned> let_in{0};
    on_two_threads([&](unsigned) {
        for (int i = 0; i < 10'000; ++i)
            let_in +=
                door.begin_handshake(start + std::chrono::milliseconds{i / 10}, host(1)) ? 1U : 0U;
    });
    // The bucket, and what 999 ms refill.
    EXPECT_GE(let_in, 198U);
    EXPECT_LE(let_in, 200U);
}

TEST(admission, one_source_may_have_so_many_handshakes_at_once)
{
    admission door{{.handshakes = 10, .handshakes_per_address = 2}};
    EXPECT_TRUE(door.begin_handshake(start, host(1)).has_value());
    EXPECT_TRUE(door.begin_handshake(start, host(1)).has_value());
    EXPECT_EQ(door.begin_handshake(start, host(1)), error::limit_handshakes_per_address);
    EXPECT_TRUE(door.begin_handshake(start, host(2)).has_value());
    door.abandon_handshake(host(1));
    EXPECT_TRUE(door.begin_handshake(start, host(1)).has_value());
    EXPECT_TRUE(door.begin_session(host(1)).has_value());
    EXPECT_TRUE(door.begin_handshake(start, host(1)).has_value());
}

TEST(admission, a_handshake_may_begin_without_room_when_its_device_may_make_some)
{
    admission door{{.sessions = 1}};
    EXPECT_TRUE(enter(door, host(1)).has_value());
    EXPECT_EQ(door.begin_handshake(start, host(1)), error::limit_sessions);
    EXPECT_TRUE(door.begin_handshake(start, host(1), session_capacity::at_the_end).has_value());
    EXPECT_EQ(door.begin_session(host(1)), error::limit_sessions);
    door.end_session(host(1));
    EXPECT_TRUE(door.begin_session_again(host(1)).has_value());
}

TEST(admission, a_session_counts_where_its_device_is_now)
{
    admission door{{.sessions_per_address = 1}};
    EXPECT_TRUE(enter(door, host(1)).has_value());
    door.move_session(host(1), host(2));
    EXPECT_TRUE(enter(door, host(1)).has_value());
    EXPECT_EQ(enter(door, host(2)), error::limit_sessions_per_address);
    door.end_session(host(2));
    EXPECT_TRUE(enter(door, host(2)).has_value());
}

}  // namespace
}  // namespace gatehouse::test
