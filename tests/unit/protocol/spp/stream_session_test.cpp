// A session from hello to its end: pieces of any size, deadlines of every kind, and every fault at
// every step of a whole life.
#include "protocol/spp/limits.h"
#include "support/readable_error.h"
#include "support/spp_world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

class spp_session : public testing::TestWithParam<std::string> {
protected:
    spp_session() { setup.config.idle_timeout = 60s; }

    live_spp_session& start()
    {
        session_ = std::make_unique<live_spp_session>(setup);
        session_->shake_hands(device);
        return *session_;
    }

    bool numbered() const { return GetParam() != "rs-d"; }

    spp_world_setup setup;
    reference_spp_device device{usual_spp_device(GetParam())};
    std::unique_ptr<live_spp_session> session_;
};
INSTANTIATE_TEST_SUITE_P(
    generation,
    spp_session,
    testing::Values("0.2", "0.1", "rs-d"),
    [](auto const& instance) {
        auto name = instance.param;
        std::ranges::replace_if(
            name, [](char c) { return c == '.' || c == '-'; }, '_'
        );
        return "g" + name;
    }
);

TEST_P(spp_session, a_whole_life)
{
    auto& live = start();
    EXPECT_EQ(live.get().facts().generation, GetParam());
    for (auto const size : {0U, 1U, 1400U, 65536U}) {
        auto const text = pattern_bytes(size);
        live.feed(device.record(text));
        ASSERT_EQ(live.up.size(), 1U);
        EXPECT_EQ(live.up.front(), text);
        live.up.clear();
        live.send(text);
        ASSERT_EQ(live.wire.size(), 1U);
        EXPECT_EQ(device.open(live.take_wire()), text);
    }
    EXPECT_FALSE(live.failure);
}

TEST_P(spp_session, many_records_may_come_at_once)
{
    auto& live = start();
    byte_string all;
    for (int i = 0; i < 20; ++i)
        append(all, device.record(std::to_string(i)));
    live.feed(all);
    ASSERT_EQ(live.up.size(), 20U);
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(text_of(live.up[static_cast<std::size_t>(i)]), std::to_string(i));
}

TEST_P(spp_session, one_byte_at_a_time_is_enough)
{
    live_spp_session live{setup};
    live.feed_bytewise(device.hello());
    ASSERT_TRUE(device.take_hello(live.take_wire()));
    live.feed_bytewise(device.record("slow"));
    live.feed_bytewise(device.record("and steady"));
    ASSERT_EQ(live.up.size(), 2U);
    EXPECT_EQ(text_of(live.up.back()), "and steady");
    EXPECT_EQ(live.unconsumed(), 0U);
}

TEST_P(spp_session, messages_up_to_the_limit_and_not_beyond)
{
    setup.config.message_limit = 1000;
    auto& live = start();
    live.feed(device.record(pattern_bytes(1000)));
    EXPECT_EQ(live.up.size(), 1U);
    live.send(pattern_bytes(1000));
    EXPECT_EQ(live.wire.size(), 1U);
    live.send(pattern_bytes(1001));
    EXPECT_EQ(live.refused, error::limit_message_size);
    EXPECT_EQ(live.wire.size(), 1U);
    live.feed(bytes{device.record(pattern_bytes(1001))}.first(8));
    EXPECT_EQ(live.failure, error::malformed_oversize) << "its length is enough";
}

TEST_P(spp_session, an_oversize_first_record_is_refused_at_its_length)
{
    live_spp_session live{setup};
    live.feed(device.hello());
    live.feed(little_64(setup.config.message_limit + 37));
    EXPECT_EQ(live.failure, error::malformed_oversize);
}

TEST_P(spp_session, own_records_that_come_back_are_refused)
{
    auto& live = start();
    live.send(text_bytes("one"));
    live.send(text_bytes("two"));
    auto const first = live.take_wire();
    auto const second = live.take_wire();
    live.feed(numbered() ? second : first);  // the number that is expected
    EXPECT_EQ(live.failure, error::unproven_reflection);
    EXPECT_TRUE(live.up.empty());
}

class spp_numbered_session : public spp_session {};
INSTANTIATE_TEST_SUITE_P(
    generation,
    spp_numbered_session,
    testing::Values("0.2", "0.1"),
    [](auto const& instance) { return instance.param == "0.2" ? "g0_2" : "g0_1"; }
);

TEST_P(spp_numbered_session, replayed_and_skipped_records_are_refused)
{
    auto& live = start();
    auto const one = device.record("one");
    live.feed(one);
    live.feed(one);
    EXPECT_EQ(live.failure, error::unproven_replay);
    EXPECT_EQ(live.up.size(), 1U);
    reference_spp_device other{usual_spp_device(GetParam())};
    live_spp_session skipped{setup};
    skipped.shake_hands(other);
    static_cast<void>(other.record("lost"));
    skipped.feed(other.record("late"));
    EXPECT_EQ(skipped.failure, error::unproven_sequence);
}

TEST_P(spp_session, a_second_hello_is_refused)
{
    auto& live = start();
    live.feed(device.hello());
    EXPECT_EQ(live.failure, error::unproven_frame);
}

TEST_P(spp_session, nonces_never_repeat_within_a_connection)
{
    auto& live = start();
    std::set<std::string> nonces;
    for (int i = 0; i < 300; ++i) {
        live.send(text_bytes("x"));
        EXPECT_TRUE(nonces.insert(to_hex(bytes{live.take_wire()}.subspan(8, 12))).second);
    }
    auto const prefix = nonces.begin()->substr(0, 16);
    EXPECT_TRUE(std::ranges::all_of(nonces, [&](auto const& one) {
        return one.substr(0, 16) == prefix;
    }));
}

// Time.

TEST_P(spp_session, a_handshake_has_until_its_deadline)
{
    live_spp_session silent{setup};
    EXPECT_TRUE(silent.time_out());
    EXPECT_EQ(silent.failure, error::limit_handshake_time);
    live_spp_session half{setup};
    half.feed(device.hello());
    half.advance(setup.handshake_time - 1ms);
    EXPECT_FALSE(half.failure);
    EXPECT_TRUE(half.time_out());
    EXPECT_EQ(half.failure, error::limit_handshake_time);
}

TEST_P(spp_session, silence_ends_it_after_the_idle_timeout)
{
    auto& live = start();
    live.advance(59s);
    live.feed(device.record("here"));
    live.advance(59s);
    EXPECT_FALSE(live.failure);
    live.send(text_bytes("the gateway's own words do not count"));
    live.advance(1s);
    EXPECT_EQ(live.failure, error::limit_idle_time);
}

TEST_P(spp_session, age_ends_it_however_busy_it_is)
{
    setup.config.max_session_age = 150s;
    auto& live = start();
    for (int i = 0; i < 3; ++i) {
        live.advance(40s);
        live.feed(device.record("busy"));
    }
    EXPECT_FALSE(live.failure);
    live.advance(30s);
    EXPECT_EQ(live.failure, error::limit_session_age);
}

TEST_P(spp_session, a_record_that_has_begun_must_be_finished)
{
    setup.config.idle_timeout = 1h;
    auto& live = start();
    auto const record = device.record("slow");
    live.feed(bytes{record}.first(9));
    live.advance(spp::limits::record_time - 1s);
    live.feed(bytes{record}.subspan(9, 1));
    EXPECT_FALSE(live.failure);
    live.advance(1s);
    EXPECT_EQ(live.failure, error::limit_frame_time) << "more bytes of it do not buy more time";
}

TEST_P(spp_session, the_window_of_its_key_ends_it)
{
    setup.config.idle_timeout = 24h;
    setup.gateway_keys.front().window.not_after = setup.wall_now + 1h;
    auto& live = start();
    live.advance(59min);
    EXPECT_FALSE(live.failure);
    live.advance(1min);
    EXPECT_EQ(live.failure, error::unproven_expired_key);
}

TEST_P(spp_session, another_window_counts_from_when_it_is_set)
{
    setup.config.idle_timeout = 24h;
    auto& live = start();
    auto const wall = live.world().env.wall_now;
    live.get().set_key_window({wall_time::min(), wall + 10s}, wall, setup.now);
    live.advance(9s);
    EXPECT_FALSE(live.failure);
    live.advance(1s);
    EXPECT_EQ(live.failure, error::unproven_expired_key);
}

TEST_P(spp_session, each_direction_has_a_budget_of_records)
{
    setup.config.record_budget = 5;
    auto& up = start();
    for (int i = 0; i < 4; ++i)
        up.feed(device.record("x"));
    EXPECT_EQ(up.up.size(), 4U);
    EXPECT_TRUE(up.time_out());
    EXPECT_EQ(up.failure, error::limit_frame_budget);

    reference_spp_device other{usual_spp_device(GetParam())};
    live_spp_session down{setup};
    down.shake_hands(other);
    for (int i = 0; i < 6; ++i)
        down.send(text_bytes("x"));
    EXPECT_EQ(down.wire.size(), 5U);
    EXPECT_EQ(down.refused, error::internal_closed);
    EXPECT_TRUE(down.time_out());
    EXPECT_EQ(down.failure, error::limit_frame_budget);
}

TEST_P(spp_session, ends_without_a_word_and_still_listens)
{
    auto& live = start();
    live.end();
    EXPECT_TRUE(live.wire.empty());
    live.send(text_bytes("too late"));
    EXPECT_EQ(live.refused, error::internal_closed);
    EXPECT_TRUE(live.wire.empty());
    live.feed(device.record("was on its way"));
    EXPECT_EQ(live.up.size(), 1U);
}

// Every step of a life goes wrong in every way.

class spp_faults : public spp_session {
protected:
    // The device's frames, as they would be if nothing went wrong: hello and three records.
    std::vector<byte_string> frames()
    {
        std::vector<byte_string> made{device.hello()};
        live_spp_session session{setup};
        session.feed(made.front());
        EXPECT_TRUE(device.take_hello(session.take_wire()));
        for (auto const* text : {"one", "two", "three"})
            made.push_back(device.record(text));
        return made;
    }

    // A session after the first `count` frames. All worlds of one setup draw the same keys.
    std::unique_ptr<live_spp_session> after(std::vector<byte_string> const& all, std::size_t count)
    {
        auto made = std::make_unique<live_spp_session>(setup);
        for (std::size_t i = 0; i < count; ++i)
            made->feed(all[i]);
        EXPECT_FALSE(made->failure);
        return made;
    }

    void expect_refused(live_spp_session& session, std::size_t messages, bool authenticated)
    {
        for (int i = 0; i < 4 && !session.over() && session.time_out(); ++i) {
        }
        ASSERT_TRUE(session.failure);
        auto const of = class_of(*session.failure);
        EXPECT_TRUE(
            of == error_class::malformed || of == error_class::unproven ||
            of == error_class::incompatible || of == error_class::limit
        ) << describe(*session.failure);
        EXPECT_EQ(session.up.size(), messages);
        EXPECT_EQ(session.authenticated(), authenticated);
    }
};
INSTANTIATE_TEST_SUITE_P(
    generation,
    spp_faults,
    testing::Values("0.2", "0.1", "rs-d"),
    [](auto const& instance) {
        auto name = instance.param;
        std::ranges::replace_if(
            name, [](char c) { return c == '.' || c == '-'; }, '_'
        );
        return "g" + name;
    }
);

TEST_P(spp_faults, fails_at_every_step)
{
    auto const all = frames();
    for (std::size_t step = 0; step < all.size(); ++step) {
        auto const& frame = all[step];
        auto const messages = step == 0 ? 0 : step - 1;
        bool const authenticated = step > 1;
        for (std::size_t size = 0; size < frame.size(); ++size) {
            SCOPED_TRACE("step " + std::to_string(step) + " cut to " + std::to_string(size));
            auto const session = after(all, step);
            session->feed(bytes{frame}.first(size));
            EXPECT_FALSE(session->failure);
            expect_refused(*session, messages, authenticated);
        }
        for (std::size_t at = 0; at < frame.size(); ++at) {
            SCOPED_TRACE("step " + std::to_string(step) + ", byte " + std::to_string(at));
            auto const session = after(all, step);
            auto changed = frame;
            changed[at] ^= 0x01;
            session->feed(changed);
            for (auto i = step + 1; i < all.size(); ++i)
                session->feed(all[i]);
            expect_refused(*session, messages, authenticated);
        }
        if (HasFailure())
            return;
    }
}

TEST_P(spp_faults, nothing_can_be_left_out_repeated_or_swapped)
{
    auto const all = frames();
    for (std::size_t step = 0; step < all.size(); ++step) {
        if (step > 0 && !numbered())
            break;  // records of this generation may be
        SCOPED_TRACE(step);
        auto const messages = step == 0 ? 0 : step - 1;
        auto const left_out = after(all, step);
        for (auto i = step + 1; i < all.size(); ++i)
            left_out->feed(all[i]);
        expect_refused(*left_out, messages, step > 1);

        auto const repeated = after(all, step + 1);
        repeated->feed(all[step]);
        expect_refused(*repeated, step, step > 0);
    }
}

}  // namespace
}  // namespace gatehouse::test
