// A request is a session: one message up, one reply down, and every way in which it is refused.
#include "protocol/pssst/datagram_session.h"
#include "support/pssst_fixture.h"
#include "support/readable_error.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace gatehouse::test {
namespace {

using namespace literals;
using namespace std::chrono_literals;

identity::device_id device_named(std::string const& name)
{
    return identity::device_id::from_name(name);
}

std::string reply_to(pssst_world& world, device::pssst_request& request)
{
    auto packet = copy_of(world.out.wire.all());
    auto const opened = request.open(world.crypto, packet);
    return opened ? text_of(*opened) : "no reply to this";
}

class pssst_session : public testing::Test {
protected:
    // Why the packet of this request is refused.
    static error refusal(pssst_world& world, device::pssst_request const& request)
    {
        EXPECT_FALSE(world.arrives(request.packet()));
        EXPECT_TRUE(world.out.up.empty());
        EXPECT_TRUE(world.out.wire.empty());
        return world.refused;
    }
};

TEST_F(pssst_session, an_authenticated_request_and_its_reply)
{
    pssst_world world;
    auto request = world.request("how warm?"_bytes, "meter-4");
    auto const session = world.arrives(request.packet());
    ASSERT_TRUE(session) << world.refused;
    ASSERT_EQ(world.out.up.size(), 1U);
    EXPECT_EQ(text_of(world.out.up.front()), "how warm?");
    auto const facts = session->facts();
    EXPECT_TRUE(facts.authenticated);
    EXPECT_EQ(facts.device, device_named("meter-4"));
    EXPECT_EQ(facts.generation, "0.2");
    EXPECT_EQ(facts.credential, 0U);
    EXPECT_NE(facts.id, session_id{});
    EXPECT_FALSE(session->ended());
    world.out.clear();
    ASSERT_TRUE(session->send(world.now, "20 degrees"_bytes, world.out));
    EXPECT_EQ(world.out.wire.frames(), 1U);
    EXPECT_EQ(reply_to(world, request), "20 degrees");
    EXPECT_EQ(session->ended(), end_reason::done);
}

TEST_F(pssst_session, an_anonymous_request_and_its_reply)
{
    pssst_world world;
    auto request = world.request("what time is it, please?"_bytes);
    auto const session = world.arrives(request.packet());
    ASSERT_TRUE(session) << world.refused;
    EXPECT_EQ(session->facts().device, identity::anonymous_device());
    EXPECT_EQ(text_of(world.out.up.front()), "what time is it, please?");
    world.out.clear();
    ASSERT_TRUE(session->send(world.now, "noon"_bytes, world.out));
    EXPECT_EQ(reply_to(world, request), "noon");
}

TEST_F(pssst_session, messages_and_replies_may_be_empty)
{
    pssst_world world;
    for (std::string const client : {"", "meter-4"}) {
        auto request = world.request({}, client);
        auto const session = world.arrives(request.packet());
        ASSERT_TRUE(session);
        ASSERT_EQ(world.out.up.size(), 1U);
        EXPECT_TRUE(world.out.up.front().empty());
        world.out.clear();
        ASSERT_TRUE(session->send(world.now, {}, world.out));
        EXPECT_EQ(reply_to(world, request), "");
    }
}

TEST_F(pssst_session, there_is_one_reply)
{
    pssst_world world;
    auto const request = world.request("once"_bytes, "meter-4");
    auto const session = world.arrives(request.packet());
    ASSERT_TRUE(session->send(world.now, "one"_bytes, world.out));
    world.out.clear();
    auto const again = session->send(world.now, "two"_bytes, world.out);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error(), error::internal_closed);
    EXPECT_TRUE(world.out.wire.empty());
}

TEST_F(pssst_session, ids_are_their_own)
{
    pssst_world world;
    std::set<std::uint64_t> seen;
    for (int i = 0; i < 5; ++i) {
        auto const session = world.arrives(world.request("x"_bytes, "meter-4").packet());
        ASSERT_TRUE(session);
        EXPECT_TRUE(seen.insert(session->facts().id.value()).second);
    }
}

TEST_F(pssst_session, anonymous_requests_need_leave)
{
    pssst_world_setup setup;
    setup.anonymous = false;
    pssst_world world{setup};
    EXPECT_EQ(refusal(world, world.request("hello"_bytes)), error::unproven_anonymous);
    EXPECT_TRUE(world.arrives(world.request("hello"_bytes, "meter-4").packet()));
}

TEST_F(pssst_session, unknown_clients_are_refused)
{
    pssst_world world;
    EXPECT_EQ(refusal(world, world.request("x"_bytes, "stranger")), error::unproven_device);
}

TEST_F(pssst_session, disabled_and_revoked_devices_are_refused)
{
    pssst_world_setup setup;
    setup.clients = {
        {"off", {}, identity::device_state::disabled},
        {"gone", {}, identity::device_state::revoked}};
    pssst_world world{setup};
    EXPECT_EQ(refusal(world, world.request("x"_bytes, "off")), error::unproven_disabled_device);
    EXPECT_EQ(refusal(world, world.request("x"_bytes, "gone")), error::unproven_revoked_key);
}

TEST_F(pssst_session, every_open_gateway_key_opens)
{
    pssst_world_setup setup;
    setup.gateway_keys = {{"g3"}, {"g2"}, {"g1"}};
    pssst_world world{setup};
    for (std::string const key : {"g1", "g2", "g3"})
        for (std::string const client : {"", "meter-4"}) {
            auto request = world.request("which key?"_bytes, client, key);
            auto const session = world.arrives(request.packet());
            ASSERT_TRUE(session) << key << world.refused;
            EXPECT_EQ(world.keyring->key_ids()[session->facts().credential], key);
            EXPECT_EQ(text_of(world.out.up.front()), "which key?");
            world.out.clear();
            ASSERT_TRUE(session->send(world.now, "this"_bytes, world.out));
            EXPECT_EQ(reply_to(world, request), "this");
        }
    EXPECT_EQ(refusal(world, world.request("x"_bytes, "", "g4")), error::unproven_frame);
}

TEST_F(pssst_session, gateway_keys_that_are_closed_or_revoked_open_nothing)
{
    pssst_world_setup setup;
    identity::key_window const over{wall_time::min(), setup.wall_now};
    identity::key_window const to_come{setup.wall_now + 1s, wall_time::max()};
    setup.gateway_keys = {{"new", to_come}, {"g1"}, {"old", over}, {"lost", {}, true}};
    pssst_world world{setup};
    for (std::string const key : {"new", "old", "lost"})
        EXPECT_EQ(refusal(world, world.request("x"_bytes, "meter-4", key)), error::unproven_frame);
    EXPECT_TRUE(world.arrives(world.request("x"_bytes, "meter-4", "g1").packet()));
}

TEST_F(pssst_session, a_device_uses_the_gateway_key_that_it_is_listed_with)
{
    pssst_world_setup setup;
    setup.gateway_keys = {{"g2"}, {"g1"}};
    setup.clients = {{"meter-4", {"g2"}}};
    pssst_world world{setup};
    EXPECT_TRUE(world.arrives(world.request("x"_bytes, "meter-4", "g2").packet()));
    EXPECT_EQ(refusal(world, world.request("x"_bytes, "meter-4", "g1")), error::unproven_key);
}

TEST_F(pssst_session, replies_are_bounded_and_the_request_stays_open)
{
    pssst_world_setup setup;
    setup.config.max_reply = 200;
    pssst_world world{setup};
    auto request = world.request("x"_bytes, "meter-4");
    auto const session = world.arrives(request.packet());
    world.out.clear();
    auto const refused = session->send(world.now, byte_string(149, 1), world.out);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), error::limit_reply_size);
    EXPECT_TRUE(world.out.wire.empty());
    EXPECT_FALSE(session->ended());
    ASSERT_TRUE(session->send(world.now, byte_string(148, 1), world.out));
    EXPECT_EQ(world.out.wire.all().size(), 200U);
}

TEST_F(pssst_session, an_anonymous_reply_is_no_larger_than_its_request)
{
    pssst_world world;
    auto request = world.request(byte_string(100, 1));
    auto const session = world.arrives(request.packet());
    world.out.clear();
    auto const refused = session->send(world.now, byte_string(101, 1), world.out);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), error::limit_reply_above_request);
    EXPECT_FALSE(session->ended());
    ASSERT_TRUE(session->send(world.now, byte_string(100, 1), world.out));
    EXPECT_EQ(world.out.wire.all().size(), request.packet().size());
}

TEST_F(pssst_session, an_authenticated_reply_may_be_larger_than_its_request)
{
    pssst_world world;
    auto const session = world.arrives(world.request("x"_bytes, "meter-4").packet());
    EXPECT_TRUE(session->send(world.now, byte_string(1180, 1), world.out));
}

TEST_F(pssst_session, waits_for_its_reply_until_the_deadline)
{
    pssst_world world;
    auto const session = world.arrives(world.request("x"_bytes, "meter-4").packet());
    EXPECT_EQ(session->deadline(), world.now + 10s);
    EXPECT_TRUE(session->on_deadline(world.now + 10s - 1ms, world.out));
    auto const over = session->on_deadline(world.now + 10s, world.out);
    ASSERT_FALSE(over);
    EXPECT_EQ(over.error(), error::limit_reply_time);
    EXPECT_EQ(reason_of(over.error()), end_reason::timeout);
}

TEST_F(pssst_session, ends_with_the_window_of_its_key)
{
    pssst_world_setup setup;
    setup.gateway_keys = {{"g1", {wall_time::min(), setup.wall_now + 3s}}};
    pssst_world world{setup};
    auto const session = world.arrives(world.request("x"_bytes, "meter-4").packet());
    EXPECT_EQ(session->deadline(), world.now + 3s);
    auto const over = session->on_deadline(world.now + 3s, world.out);
    ASSERT_FALSE(over);
    EXPECT_EQ(reason_of(over.error()), end_reason::revoked);
    session->set_key_window({}, setup.wall_now, world.now);
    EXPECT_EQ(session->deadline(), world.now + 10s);
}

// Every byte of both kinds of request, every bit that matters: silence, and nothing is kept.
TEST_F(pssst_session, fails_at_every_step)
{
    for (std::string const client : {"", "meter-4"}) {
        pssst_world world;
        auto const request = world.request("temperature"_bytes, client);
        auto const whole = copy_of(request.packet());
        for (std::size_t size = 0; size < whole.size(); ++size)
            EXPECT_FALSE(world.arrives(bytes{whole}.first(size))) << size;
        for (std::size_t at = 0; at < whole.size(); ++at)
            for (auto const bit : {0x01, 0x80}) {
                auto changed = whole;
                changed[at] ^= static_cast<std::uint8_t>(bit);
                EXPECT_FALSE(world.arrives(changed)) << at;
                EXPECT_TRUE(world.out.up.empty());
                EXPECT_TRUE(world.out.wire.empty());
                EXPECT_NE(world.refused, error{}) << at;
            }
        EXPECT_EQ(world.known.size(), 0U);
        EXPECT_TRUE(world.arrives(whole)) << "the packet itself is still good";
    }
}

TEST_F(pssst_session, random_packets_of_every_length)
{
    pssst_world world;
    for (std::size_t size = 0; size <= 120; ++size)
        for (auto const* flags : {"00000001", "40000001", "80000001", "c0000001"}) {
            byte_string packet(size);
            world.random.fill(packet);
            auto const header = hex_bytes(flags);
            std::copy_n(header.begin(), std::min<std::size_t>(size, 4), packet.begin());
            EXPECT_FALSE(world.arrives(packet)) << size;
        }
    EXPECT_EQ(world.known.size(), 0U);
}

}  // namespace
}  // namespace gatehouse::test
