// Every recorded datagram of every generation that knows UDP, both directions, UTACKs included.
#include "support/datagram_faults.h"
#include "support/vector_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace gatehouse::test {
namespace {

using action = datagram_step::action;

// A recording as the life of a session.
struct recorded_life {
    vector_file file;
    std::vector<recorded_datagram> asked;  // HELLO without cookie, and how it was answered
    std::vector<recorded_datagram> talk;   // from the HELLO on that was let in
    datagram_recording honest;
    std::vector<recorded_datagram> answers;  // of the gateway, in order

    wire_generation generation() const { return generation_of(file.generation); }
};

bool is_chunk(recorded_datagram const& datagram)
{
    return !datagram.is_ack &&
           (datagram.type == wire_type::data || datagram.type == wire_type::data_frag);
}

void split_hellos(recorded_life& made)
{
    auto const& all = made.file.datagrams;
    auto const retry = std::find_if(all.begin(), all.end(), [](auto const& each) {
        return each.type == wire_type::hello_retry && each.is_ack;
    });
    auto const start = retry == all.end() ? all.begin() : retry + 1;
    made.asked.assign(all.begin(), start);
    made.talk.assign(start, all.end());
}

// The whole message of which the chunk at `at` is the first.
byte_string message_from(std::vector<recorded_datagram> const& talk, std::size_t at)
{
    byte_string whole;
    for (auto const from_device = talk[at].from_device;; ++at) {
        if (!is_chunk(talk[at]) || talk[at].from_device != from_device)
            continue;
        append(whole, talk[at].plaintext);
        if (talk[at].type == wire_type::data)
            return whole;
    }
}

recorded_life make(std::string const& generation)
{
    recorded_life made;
    made.file = load_vectors(generation);
    split_hellos(made);
    auto& world = made.honest.world;
    world = world_of(made.file);
    // The door draws the secret of its cookies first.
    world.random.insert(world.random.begin(), 32, 0);
    bool in_up = false;
    bool in_down = false;
    for (std::size_t at = 0; at < made.talk.size(); ++at) {
        auto const& each = made.talk[at];
        auto& inside = each.from_device ? in_up : in_down;
        bool const begins = is_chunk(each) && !std::exchange(inside, true);
        if (begins && each.from_device)
            made.honest.up.push_back(message_from(made.talk, at));
        else if (begins)
            made.honest.steps.push_back({.what = action::send, .data = message_from(made.talk, at)}
            );
        if (each.from_device)
            made.honest.steps.push_back({.what = action::feed, .data = each.frame});
        else
            made.answers.push_back(each);
        if (!is_chunk(each) || each.type != wire_type::data)
            continue;
        inside = false;
        if (each.from_device)
            made.honest.steps.push_back({.what = action::take_over, .count = 1});
    }
    return made;
}

recorded_life const& life_of(std::string const& generation)
{
    static std::map<std::string, recorded_life> known;
    auto found = known.find(generation);
    if (found == known.end()) {
        auto made = make(generation);
        // What came of it is what the file says; how things stood in between is the gateway's.
        live_datagram_session session{made.honest.world};
        for (auto& step : made.honest.steps) {
            step.up_before = session.up.size();
            step.authenticated_before = session.get().facts().authenticated;
            replay(step, session);
        }
        made.honest.authenticated = session.get().facts().authenticated;
        found = known.emplace(generation, std::move(made)).first;
    }
    return found->second;
}

class usmp_datagrams : public testing::TestWithParam<std::string> {
protected:
    recorded_life const& life() const { return life_of(GetParam()); }
};
INSTANTIATE_TEST_SUITE_P(
    generation,
    usmp_datagrams,
    testing::Values("C", "D1", "D2", "D3"),
    [](auto const& instance) { return instance.param; }
);

// 0.5 wrote seven bytes; the gateway proves itself to it as well, and it looks at seven only.
void expect_ack(recorded_life const& life, recorded_datagram const& recorded, bytes said)
{
    bool const is_longer =
        life.generation() == wire_generation::d1 && recorded.type >= wire_type::data;
    if (!is_longer) {
        EXPECT_EQ(to_hex(said), to_hex(recorded.frame));
        return;
    }
    ASSERT_EQ(said.size(), 15U);
    EXPECT_EQ(to_hex(said.first(7)), to_hex(recorded.frame));
    auto const proof = reference::hmac_sha256(life.file.uplink_key, said.first(7));
    EXPECT_EQ(to_hex(said.last(8)), to_hex(bytes{proof}.first(8)));
}

// The other judge of these tests must itself agree with the recordings.
TEST_P(usmp_datagrams, our_reference_device_speaks_as_recorded)
{
    auto const& file = life().file;
    reference_device device{{
        .generation = life().generation(),
        .psk = file.psk,
        .device_id = file.device_id,
        .private_key = file.client_private,
    }};
    byte_string cookie;
    std::map<std::pair<std::uint8_t, std::uint32_t>, byte_string> owed;
    byte_string to_acknowledge;
    for (auto const& recorded : file.datagrams) {
        SCOPED_TRACE(to_hex(recorded.frame));
        if (recorded.is_ack) {
            auto const& expected =
                recorded.from_device ? to_acknowledge : owed[{recorded.type, recorded.sequence}];
            // 0.5 takes seven bytes, and our device writes what the gateway owes.
            auto const size = std::min(expected.size(), recorded.frame.size());
            ASSERT_EQ(to_hex(bytes{expected}.first(size)), to_hex(recorded.frame));
        } else if (!recorded.from_device) {
            to_acknowledge = device.ack_of(recorded.frame);
            if (recorded.type == wire_type::hello_retry)
                cookie = copy_of(bytes{recorded.frame}.subspan(12));
            else if (recorded.type == wire_type::challenge)
                ASSERT_TRUE(device.take_challenge(recorded.frame));
            else if (recorded.type == wire_type::session_ok)
                ASSERT_TRUE(device.take_session_ok(recorded.frame));
            else
                ASSERT_TRUE(device.open(recorded.frame));
        } else {
            owed[{recorded.type, recorded.sequence}] = device.owed_ack(recorded.frame);
            byte_string said;
            if (recorded.type == wire_type::hello)
                said = cookie.empty() ? device.hello() : device.hello(cookie);
            else if (recorded.type == wire_type::hello_ack)
                said = device.hello_ack();
            else if (recorded.type == wire_type::rekey)
                said = device.rekey(recorded.plaintext);
            else
                said = device.seal(recorded.type, recorded.plaintext);
            ASSERT_EQ(to_hex(said), to_hex(recorded.frame));
        }
    }
}

TEST_P(usmp_datagrams, the_gateway_answers_byte_for_byte)
{
    live_datagram_session session{life().honest.world};
    for (auto const& step : life().honest.steps) {
        replay(step, session);
        ASSERT_FALSE(session.refused) << describe(*session.refused);
    }
    EXPECT_EQ(session.get().ended(), end_reason::bye);
    EXPECT_EQ(session.retransmitted, 0U);
    EXPECT_TRUE(session.undelivered.empty());
    EXPECT_TRUE(session.world().random.queue_used_up());
    ASSERT_EQ(session.up.size(), life().honest.up.size());
    for (std::size_t i = 0; i < session.up.size(); ++i)
        EXPECT_EQ(to_hex(session.up[i]), to_hex(life().honest.up[i]));
    ASSERT_EQ(session.wire.size(), life().answers.size());
    for (std::size_t i = 0; i < session.wire.size(); ++i) {
        SCOPED_TRACE("answer " + std::to_string(i));
        if (life().answers[i].is_ack)
            expect_ack(life(), life().answers[i], session.wire[i]);
        else
            EXPECT_EQ(to_hex(session.wire[i]), to_hex(life().answers[i].frame));
    }
}

TEST_P(usmp_datagrams, every_datagram_is_for_this_session)
{
    live_datagram_session session{life().honest.world};
    for (auto const& step : life().honest.steps) {
        auto const facts = session.get().facts();
        replay(step, session);
        if (step.what != action::feed)
            continue;
        EXPECT_TRUE(session.was_ours) << to_hex(step.data);
        auto const seen = session.door().look(step.data);
        if (seen.what == datagram_look::verdict::named)
            EXPECT_EQ(seen.session, facts.id);
    }
}

TEST_P(usmp_datagrams, any_fault_at_any_step_is_survived)
{
    fails_at_every_step(life().honest);
}

// --- cookies ----------------------------------------------------------------------------------

class usmp_cookies : public usmp_datagrams {
protected:
    static constexpr time_point now = time_point{} + std::chrono::hours{1};

    recorded_datagram const& hello() const { return life().asked.at(0); }
    recorded_datagram const& ack() const { return life().asked.at(1); }
    recorded_datagram const& retry() const { return life().asked.at(2); }
    recorded_datagram const& second_hello() const { return life().talk.at(0); }

    datagram_door::welcome meet(bytes datagram)
    {
        out.clear();
        return door.meet(now, peer_address::v4({127, 0, 0, 1}, 40000), datagram, out);
    }

    usmp_world world{life().honest.world};
    usmp::datagram_door door{world.env, usmp::cookie_policy::always, {.most = 4}};
    output out;
};
INSTANTIATE_TEST_SUITE_P(
    generation,
    usmp_cookies,
    testing::Values("D2", "D3"),
    [](auto const& instance) { return instance.param; }
);

// A cookie is whatever its gateway likes; everything around it is as recorded.
TEST_P(usmp_cookies, a_hello_without_one_is_answered_as_recorded)
{
    EXPECT_EQ(meet(hello().frame), datagram_door::welcome::answered);
    ASSERT_EQ(out.wire.frames(), 2U);
    EXPECT_EQ(to_hex(out.wire.frame_at(0)), to_hex(ack().frame));
    auto said = copy_of(out.wire.frame_at(1));
    ASSERT_EQ(said.size(), retry().frame.size());
    std::copy(retry().frame.begin() + 12, retry().frame.end(), said.begin() + 12);
    mend_checksum(said);
    EXPECT_EQ(to_hex(said), to_hex(retry().frame));
}

TEST_P(usmp_cookies, another_gateways_cookie_is_none)
{
    EXPECT_EQ(meet(second_hello().frame), datagram_door::welcome::answered);
    ASSERT_EQ(out.wire.frames(), 2U);
    EXPECT_EQ(to_hex(out.wire.frame_at(0)), to_hex(life().talk.at(1).frame));
}

TEST_P(usmp_cookies, the_recorded_hello_with_our_cookie_is_let_in)
{
    meet(hello().frame);
    auto const cookie = copy_of(out.wire.frame_at(1).subspan(12));
    auto with = second_hello().frame;
    ASSERT_EQ(to_hex(bytes{with}.last(16)), to_hex(bytes{retry().frame}.last(16)));
    std::copy(cookie.begin(), cookie.end(), with.end() - 16);
    EXPECT_EQ(meet(with), datagram_door::welcome::open);
    EXPECT_TRUE(out.wire.empty());
}

}  // namespace
}  // namespace gatehouse::test
