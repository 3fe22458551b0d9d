// The same packet is one request with one reply; another one under its DH value is none.
#include "protocol/pssst/datagram_door.h"
#include "protocol/pssst/datagram_session.h"
#include "support/allocation_counts.h"
#include "support/call_counts.h"
#include "support/pssst_fixture.h"
#include "support/readable_error.h"
#include "wire/reader.h"

#include <gtest/gtest.h>

#include <vector>

namespace gatehouse::test {
namespace {

using namespace literals;
using namespace std::chrono_literals;
using verdict = datagram_look::verdict;
using welcome = datagram_door::welcome;

pssst::dh_value dh_of(bytes packet)
{
    return wire::reader{packet.subspan(pssst::header_size)}.array<pssst::dh_size>();
}

class pssst_door : public testing::Test {
protected:
    pssst_world world;
    device::pssst_request request = world.request("switch the light"_bytes, "meter-4");
};

TEST_F(pssst_door, requests_choose_their_worker)
{
    auto const look = world.door.look(request.packet());
    EXPECT_EQ(look.what, verdict::hello);
    EXPECT_EQ(look.worker_byte, request.packet()[pssst::worker_byte_offset]);
    EXPECT_EQ(world.door.serves(), datagram_door::style::requests);
}

TEST_F(pssst_door, a_repetition_gets_the_same_bytes_and_costs_no_agreement)
{
    auto session = world.arrives(request.packet());
    ASSERT_TRUE(session);
    world.out.clear();
    ASSERT_TRUE(session->send(world.now, "it is on"_bytes, world.out));
    auto const reply = copy_of(world.out.wire.all());
    session.reset();
    auto const before = keys_agreed();
    for (int i = 0; i < 3; ++i) {
        EXPECT_FALSE(world.arrives(request.packet()));
        EXPECT_EQ(world.welcomed, welcome::answered);
        EXPECT_EQ(copy_of(world.out.wire.all()), reply);
        EXPECT_TRUE(world.out.up.empty());
    }
    EXPECT_EQ(keys_agreed(), before);
}

TEST_F(pssst_door, a_repetition_is_not_answered_while_the_backend_works)
{
    auto const session = world.arrives(request.packet());
    ASSERT_TRUE(session);
    EXPECT_FALSE(world.arrives(request.packet()));
    EXPECT_EQ(world.welcomed, welcome::ignored);
    EXPECT_TRUE(world.out.wire.empty());
    ASSERT_TRUE(session->send(world.now, "it is on"_bytes, world.out));
    auto const reply = copy_of(world.out.wire.all());
    EXPECT_FALSE(world.arrives(request.packet()));
    EXPECT_EQ(copy_of(world.out.wire.all()), reply);
}

TEST_F(pssst_door, nor_when_the_backend_never_answered)
{
    EXPECT_TRUE(world.arrives(request.packet()));  // and is over at once
    EXPECT_FALSE(world.arrives(request.packet()));
    EXPECT_EQ(world.welcomed, welcome::ignored);
}

// What a client with a broken generator would send: one ephemeral key, two messages.
TEST_F(pssst_door, another_packet_under_the_same_value_is_refused)
{
    auto const same_draw = [&](bytes message) {
        scripted_random again{pattern_bytes(32, 3)};
        auto const device = device::pssst_device::with_key(
            world.crypto, named_public("g1"), named_private("meter-4")
        );
        return std::move(*device->request(again, message));
    };
    auto const first = same_draw("one"_bytes);
    auto const second = same_draw("two"_bytes);
    auto const session = world.arrives(first.packet());
    ASSERT_TRUE(session);
    EXPECT_FALSE(world.arrives(second.packet()));
    EXPECT_EQ(world.refused, error::unproven_reused_point);
    ASSERT_TRUE(session->send(world.now, "reply"_bytes, world.out));
    EXPECT_FALSE(world.arrives(second.packet()));
    EXPECT_EQ(world.refused, error::unproven_reused_point);
    EXPECT_TRUE(world.out.wire.empty());
    EXPECT_FALSE(world.arrives(first.packet()));
    EXPECT_EQ(world.welcomed, welcome::answered);
}

TEST_F(pssst_door, only_what_authenticates_is_remembered)
{
    auto junk = copy_of(request.packet());
    junk.back() ^= 1;
    EXPECT_FALSE(world.arrives(junk));
    EXPECT_EQ(world.known.size(), 0U);
    EXPECT_TRUE(world.arrives(request.packet()));
    EXPECT_EQ(world.known.size(), 1U);
    EXPECT_FALSE(world.arrives(junk)) << "junk under a known value";
    EXPECT_EQ(world.refused, error::unproven_frame);
}

TEST_F(pssst_door, other_settings_forget_nothing_that_fits)
{
    auto const session = world.arrives(request.packet());
    ASSERT_TRUE(session->send(world.now, "reply"_bytes, world.out));
    world.known.set_bounds({4096, std::size_t{1} << 22, 1min});
    EXPECT_FALSE(world.arrives(request.packet()));
    EXPECT_EQ(world.welcomed, welcome::answered);
    EXPECT_EQ(world.door.take_memory_figures().remembered, 1U);
}

TEST_F(pssst_door, bounds_hold_and_forgetting_is_counted)
{
    world.known.set_bounds({8, std::size_t{1} << 20, 5min});
    for (int i = 0; i < 20; ++i) {
        auto const session = world.arrives(world.request("x"_bytes, "meter-4").packet());
        ASSERT_TRUE(session);
        ASSERT_TRUE(session->send(world.now, {}, world.out));
    }
    auto const figures = world.door.take_memory_figures();
    EXPECT_EQ(figures.remembered, 4U);
    EXPECT_EQ(figures.forgotten_early, 16U);
}

// Once its tables have grown; what OpenSSL takes for itself is not counted.
TEST_F(pssst_door, a_request_takes_nothing_from_the_heap)
{
    world.known.set_bounds({512, std::size_t{1} << 20, 5min});
    std::vector<device::pssst_request> requests;
    for (int i = 0; i < 200; ++i)
        requests.push_back(world.request(pattern_bytes(100), i % 2 == 0 ? "meter-4" : ""));
    auto const reply = pattern_bytes(80);
    std::size_t taken = 0;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        auto packet = copy_of(requests[i].packet());
        world.out.clear();
        auto const before = allocations();
        ASSERT_EQ(world.door.look(packet).what, verdict::hello);
        ASSERT_EQ(world.door.meet(world.now, {}, packet, world.out), welcome::open);
        auto session = world.door.open(world.now + 10s);
        ASSERT_TRUE(session->receive(world.now, packet, world.out));
        ASSERT_TRUE(session->send(world.now, reply, world.out));
        session.reset();
        if (i >= 100)
            taken += allocations() - before;
    }
    EXPECT_EQ(taken, 0U);
}

TEST_F(pssst_door, refuses_when_everything_it_remembers_is_under_way)
{
    world.known.set_bounds({4, std::size_t{1} << 20, 5min});
    auto const first = world.arrives(world.request("x"_bytes, "meter-4").packet());
    auto const second = world.arrives(world.request("x"_bytes, "meter-4").packet());
    auto const third = world.request("x"_bytes, "meter-4");
    EXPECT_FALSE(world.arrives(third.packet()));
    EXPECT_EQ(world.refused, error::limit_requests);
    ASSERT_TRUE(first->send(world.now, {}, world.out));
    EXPECT_TRUE(world.arrives(third.packet())) << "nothing was kept of it";
}

// Anybody can make those; they must not make the gateway forget what a device proved.
TEST_F(pssst_door, anonymous_requests_never_make_it_forget)
{
    world.known.set_bounds({8, std::size_t{1} << 20, 5min});
    auto const proven = world.request("x"_bytes, "meter-4");
    ASSERT_TRUE(world.arrives(proven.packet())->send(world.now, "reply"_bytes, world.out));
    for (int i = 0; i < 20; ++i) {
        auto const session = world.arrives(world.request("x"_bytes).packet());
        EXPECT_EQ(session != nullptr, i < 4) << i;
        if (session) {
            ASSERT_TRUE(session->send(world.now, {}, world.out));
        } else {
            EXPECT_EQ(world.refused, error::limit_requests);
        }
    }
    EXPECT_FALSE(world.arrives(proven.packet()));
    EXPECT_EQ(world.welcomed, welcome::answered);
    EXPECT_TRUE(world.arrives(world.request("x"_bytes, "meter-4").packet()));
    EXPECT_EQ(world.door.take_memory_figures().forgotten_early, 0U);
}

// Neither the same packet nor another one gets a second reply under the key and nonce of the first.
TEST_F(pssst_door, what_was_forgotten_is_not_accepted_again)
{
    auto const session = world.arrives(request.packet());
    ASSERT_TRUE(session->send(world.now, "reply"_bytes, world.out));
    world.now += 24h;
    ASSERT_TRUE(world.arrives(world.request("x"_bytes, "meter-4").packet()));  // forgets it
    ASSERT_FALSE(world.known.has(pssst::mark_of(named_public("g1")), dh_of(request.packet())));
    EXPECT_FALSE(world.arrives(request.packet()));
    EXPECT_EQ(world.welcomed, welcome::ignored);
    EXPECT_TRUE(world.out.wire.empty());
}

TEST_F(pssst_door, nor_after_a_restart)
{
    ASSERT_TRUE(world.arrives(request.packet()));
    world.forget_all_but_filters();
    EXPECT_FALSE(world.arrives(request.packet()));
    EXPECT_EQ(world.welcomed, welcome::ignored);
    EXPECT_EQ(world.known.size(), 0U) << "a repetition takes no room";
}

// Known at the door only if every key knows it, as another key may open it; then it is found when
// its key has opened it.
TEST_F(pssst_door, nor_beside_a_new_gateway_key)
{
    pssst_world_setup setup;
    setup.gateway_keys = {{"g2"}, {"g1"}};
    pssst_world two{setup};
    auto const old = two.request("x"_bytes, "meter-4", "g1");
    ASSERT_TRUE(two.arrives(old.packet()));
    two.forget_all_but_filters();
    EXPECT_FALSE(two.arrives(old.packet()));
    EXPECT_EQ(two.refused, error::unproven_replayed);
    EXPECT_EQ(two.known.size(), 0U);
}

TEST_F(pssst_door, nor_when_its_sender_pushed_it_out)
{
    world.known.set_bounds({4, std::size_t{1} << 20, 5min});
    ASSERT_TRUE(world.arrives(request.packet()));
    for (int i = 0; i < 4; ++i)
        ASSERT_TRUE(world.arrives(world.request("x"_bytes, "meter-4").packet()));
    EXPECT_GT(world.door.take_memory_figures().forgotten_early, 0U);
    EXPECT_FALSE(world.arrives(request.packet()));
    EXPECT_EQ(world.welcomed, welcome::ignored);
}

// What is refused has claimed nothing: the same packet gets in when there is room.
TEST_F(pssst_door, a_refused_request_stays_fresh)
{
    world.known.set_bounds({1, std::size_t{1} << 20, 5min});
    auto first = world.arrives(world.request("x"_bytes, "meter-4").packet());
    ASSERT_TRUE(first);
    EXPECT_FALSE(world.arrives(request.packet()));
    EXPECT_EQ(world.refused, error::limit_requests);
    first.reset();
    EXPECT_TRUE(world.arrives(request.packet()));
}

TEST_F(pssst_door, a_used_up_gateway_key_accepts_nothing)
{
    pssst_world_setup setup;
    setup.once = 10;
    pssst_world few{setup};
    for (int i = 0; i < 10; ++i) {
        EXPECT_FALSE(few.door.take_memory_figures().scarce) << i;
        ASSERT_TRUE(few.arrives(few.request("x"_bytes, "meter-4").packet())) << i;
        if (i == 7) {
            auto const near = few.door.take_memory_figures().scarce;
            ASSERT_TRUE(near);
            EXPECT_EQ(near->key, 0U);
            EXPECT_EQ(near->requests, 10U);
            EXPECT_FALSE(near->used_up);
        }
    }
    auto const scarce = few.door.take_memory_figures().scarce;
    ASSERT_TRUE(scarce);
    EXPECT_TRUE(scarce->used_up);
    EXPECT_FALSE(few.arrives(few.request("x"_bytes, "meter-4").packet()));
    EXPECT_EQ(few.refused, error::limit_gateway_key);
    EXPECT_EQ(few.known.size(), 10U);
}

}  // namespace
}  // namespace gatehouse::test
