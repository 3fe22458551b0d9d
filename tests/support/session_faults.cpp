#include "support/session_faults.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <string>

namespace gatehouse::test {

namespace {

using action = recorded_step::action;

// Plays steps [from, to), as far as the session lives.
void play_range(recording const& honest, std::size_t from, std::size_t to, live_session& on)
{
    for (auto i = from; i < to && i < honest.steps.size(); ++i)
        replay(honest.steps[i], on);
}

void expect_messages(live_session const& session, recording const& honest, std::size_t count)
{
    ASSERT_EQ(session.up.size(), count) << "the backend got more or less than it should";
    for (std::size_t i = 0; i < count; ++i)
        EXPECT_EQ(to_hex(session.up[i]), to_hex(honest.up[i]));
}

void expect_peer_blamed(error e)
{
    auto const of = class_of(e);
    EXPECT_TRUE(
        of == error_class::malformed || of == error_class::unproven ||
        of == error_class::incompatible || of == error_class::limit
    ) << describe(e);
}

// Nothing more comes: the session must end by itself, by one of its time limits.
void expect_time_limit(live_session& session)
{
    for (int i = 0; i < 4 && session.time_out() && !session.over(); ++i) {
    }
    ASSERT_TRUE(session.over()) << "still there after its deadlines";
    if (session.failure)
        expect_peer_blamed(*session.failure);
}

// The device's number of a handshake frame and its checksum are not judged
// (docs/protocols/usmp.md).
bool tolerated(bytes frame, std::size_t at)
{
    bool const handshake =
        type_of(frame) == wire_type::hello || type_of(frame) == wire_type::hello_ack;
    return handshake && ((at >= 4 && at < 8) || at == 10 || at == 11);
}

class fault {
public:
    fault(recording const& honest, std::size_t step) : honest_{honest}, step_{step} {}

    void truncated(std::size_t size) const
    {
        SCOPED_TRACE("step " + std::to_string(step_) + " cut to " + std::to_string(size));
        auto const session = at_step();
        session->feed(bytes{now().data}.first(size));
        EXPECT_FALSE(session->over());
        expect_messages(*session, honest_, now().up_before);
        EXPECT_EQ(session->get().facts().authenticated, now().authenticated_before);
        expect_time_limit(*session);
        expect_messages(*session, honest_, now().up_before);
    }

    void corrupted(std::size_t at, std::uint8_t mask, bool mended) const
    {
        SCOPED_TRACE(
            "step " + std::to_string(step_) + ", byte " + std::to_string(at) + " ^ " +
            std::to_string(mask) + (mended ? ", checksum mended" : "")
        );
        auto frame = now().data;
        frame[at] ^= mask;
        if (mended)
            mend_checksum(frame);
        auto const session = at_step();
        session->feed(frame);
        play_range(honest_, step_ + 1, honest_.steps.size(), *session);
        if (tolerated(now().data, at)) {
            expect_messages(*session, honest_, honest_.up.size());
            EXPECT_EQ(session->get().facts().authenticated, honest_.authenticated);
            return;
        }
        expect_messages(*session, honest_, now().up_before);
        expect_time_limit(*session);
        // Up to 0.3 the proof does not cover the keys, so only the first frame tells.
        if (type_of(now().data) != wire_type::hello && !now().authenticated_before)
            EXPECT_FALSE(session->get().facts().authenticated);
    }

    void left_out() const
    {
        SCOPED_TRACE("step " + std::to_string(step_) + " left out");
        auto const session = at_step();
        play_range(honest_, step_ + 1, honest_.steps.size(), *session);
        expect_messages(*session, honest_, now().up_before);
        expect_time_limit(*session);
        EXPECT_EQ(session->get().facts().authenticated, now().authenticated_before);
    }

    void sent_twice() const
    {
        SCOPED_TRACE("step " + std::to_string(step_) + " sent twice");
        auto const session = at_step();
        replay(now(), *session);
        auto const delivered = session->up.size();
        if (session->over())
            return;
        replay(now(), *session);
        EXPECT_TRUE(session->failure);
        expect_messages(*session, honest_, delivered);
        if (session->failure)
            expect_peer_blamed(*session->failure);
    }

    void swapped() const
    {
        auto const next = step_ + 1;
        if (next >= honest_.steps.size() || honest_.steps[next].what != action::feed)
            return;
        SCOPED_TRACE("step " + std::to_string(step_) + " swapped with the next");
        auto const session = at_step();
        replay(honest_.steps[next], *session);
        replay(now(), *session);
        ASSERT_TRUE(session->failure);
        expect_peer_blamed(*session->failure);
        expect_messages(*session, honest_, now().up_before);
        EXPECT_EQ(session->get().facts().authenticated, now().authenticated_before);
    }

    void timed_out() const
    {
        SCOPED_TRACE("step " + std::to_string(step_) + " never comes");
        auto const session = at_step();
        expect_time_limit(*session);
        EXPECT_EQ(class_of(session->failure.value_or(error::internal_closed)), error_class::limit);
    }

    void closed() const
    {
        SCOPED_TRACE("closed before step " + std::to_string(step_));
        auto const session = at_step();
        session->wire.clear();
        auto const device = session->get().facts().device;
        session->close();
        EXPECT_TRUE(session->wire.empty());
        // A hint is learned from nobody but a device that proved itself, and unlearned from nobody
        // but one that never spoke.
        auto const& hints = session->world().hints;
        if (!now().authenticated_before)
            EXPECT_EQ(hints.size(), 0U);
        if (now().up_before > 0 && hints.size() > 0)
            EXPECT_NE(hints.find({device}).what, usmp::legacy_hint::standing::untried);
    }

    void ended() const
    {
        SCOPED_TRACE("ended before step " + std::to_string(step_));
        auto const session = at_step();
        session->wire.clear();
        session->end();
        ASSERT_EQ(session->wire.size(), now().authenticated_before ? 1U : 0U);
        if (!session->wire.empty())
            EXPECT_EQ(type_of(session->wire.front()), wire_type::bye);
    }

private:
    recorded_step const& now() const { return honest_.steps[step_]; }

    std::unique_ptr<live_session> at_step() const
    {
        auto session = std::make_unique<live_session>(honest_.world);
        play_range(honest_, 0, step_, *session);
        return session;
    }

    recording const& honest_;
    std::size_t step_;
};

// Every byte of a short frame; of a long one those that mean something each, and some of the rest.
std::size_t next_slot(std::size_t at, std::size_t size)
{
    bool const every = size <= 64 || at < 26 || at + 18 >= size;
    return at + (every ? 1 : 13);
}

void fail_at(fault const& at, bytes frame)
{
    for (auto const size :
         {std::size_t{0},
          std::size_t{1},
          std::size_t{2},
          std::size_t{11},
          std::size_t{12},
          std::size_t{13},
          frame.size() - 1})
        if (size < frame.size())
            at.truncated(size);
    for (std::size_t i = 0; i < frame.size(); i = next_slot(i, frame.size()))
        for (auto const mask : corruptions) {
            at.corrupted(i, mask, false);
            if (i != 10 && i != 11)
                at.corrupted(i, mask, true);
            if (testing::Test::HasFailure())
                return;
        }
    at.left_out();
    at.sent_twice();
    at.swapped();
    at.timed_out();
    at.closed();
    at.ended();
}

}  // namespace

void fails_at_every_step(recording const& honest)
{
    ASSERT_FALSE(honest.steps.empty());
    for (std::size_t i = 0; i < honest.steps.size(); ++i) {
        auto const& step = honest.steps[i];
        if (step.what == action::feed && step.data.size() >= 12)
            fail_at(fault{honest, i}, step.data);
        if (testing::Test::HasFailure())
            return;
    }
}

void fails_at_every_step(session_script const& script)
{
    auto const honest = script.record();
    if (!testing::Test::HasFailure())
        fails_at_every_step(honest);
}

}  // namespace gatehouse::test
