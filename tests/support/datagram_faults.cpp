#include "support/datagram_faults.h"

#include "support/session_faults.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>

namespace gatehouse::test {

namespace {

using action = datagram_step::action;

bool is_ack(bytes datagram)
{
    return datagram.size() >= 2 && datagram[0] == 0xac && datagram[1] == 0xac;
}

bool is_handshake(bytes datagram)
{
    return !is_ack(datagram) && type_of(datagram) < wire_type::data;
}

bool is_hello(bytes datagram)
{
    return !is_ack(datagram) && type_of(datagram) == wire_type::hello;
}

// The device's number of a handshake frame and its checksum are not judged; a cookie is the door's.
bool tolerated(bytes datagram, std::size_t at)
{
    bool const is_cookie = is_hello(datagram) && at >= 50;
    return is_handshake(datagram) && (is_cookie || (at >= 4 && at < 8) || at == 10 || at == 11);
}

class fault {
public:
    fault(datagram_recording const& honest, std::size_t step) : honest_{honest}, step_{step} {}

    void truncated(std::size_t size) const
    {
        SCOPED_TRACE(at() + " cut to " + std::to_string(size));
        forged(copy_of(bytes{now().data}.first(size)));
    }

    void corrupted(std::size_t slot, std::uint8_t mask, bool mended) const
    {
        SCOPED_TRACE(
            at() + ", byte " + std::to_string(slot) + " ^ " + std::to_string(mask) +
            (mended ? ", checksum mended" : "")
        );
        auto datagram = now().data;
        datagram[slot] ^= mask;
        if (mended)
            mend_checksum(datagram);
        if (tolerated(now().data, slot))
            as_good(datagram);
        else if (is_hello(now().data))
            another_hello(datagram);
        else
            forged(datagram);
    }

    void with_more_behind() const
    {
        SCOPED_TRACE(at() + " with a byte more");
        auto longer = now().data;
        longer.push_back(0);
        forged(longer);
    }

    // Later messages may not be for a session in strict order; none comes twice, none changes.
    void lost() const
    {
        if (is_chunk(step_))
            return;
        SCOPED_TRACE(at() + " lost");
        auto const session = at_step();
        play(step_ + 1, honest_.steps.size(), *session);
        expect_nothing_else(*session);
        if (!now().authenticated_before && is_handshake(now().data))
            EXPECT_FALSE(session->get().facts().authenticated);
    }

    void repeated() const
    {
        SCOPED_TRACE(at() + " repeated");
        auto const session = at_step();
        session->wire.clear();
        replay(now(), *session);
        auto const delivered = session->up.size();
        auto const first = session->wire;
        session->wire.clear();
        replay(now(), *session);
        EXPECT_EQ(session->up.size(), delivered);
        // Acknowledged again: as the first time, or not yet.
        if (!session->over() && !is_ack(now().data)) {
            if (first.empty())
                EXPECT_TRUE(session->wire.empty());
            else
                EXPECT_EQ(session->wire, std::deque{first.front()});
        }
        play(step_ + 1, honest_.steps.size(), *session);
        expect_all(*session);
    }

    void repeated_at_the_end() const
    {
        SCOPED_TRACE(at() + " repeated at the end");
        auto const session = std::make_unique<live_datagram_session>(honest_.world);
        play(0, honest_.steps.size() - 1, *session);
        if (session->over())
            return;
        session->wire.clear();
        session->feed_unseen(now().data);
        EXPECT_LE(session->wire.size(), 1U);
        for (auto const& said : session->wire)
            EXPECT_TRUE(is_ack(said));
        play(honest_.steps.size() - 1, honest_.steps.size(), *session);
        expect_all(*session);
    }

    void swapped() const
    {
        auto next = step_ + 1;
        while (next < honest_.steps.size() && honest_.steps[next].what != action::feed)
            ++next;
        if (next == honest_.steps.size() || is_chunk(step_) || is_chunk(next))
            return;
        SCOPED_TRACE(at() + " swapped with the next");
        auto const session = at_step();
        replay(honest_.steps[next], *session);
        replay(now(), *session);
        for (auto i = step_ + 1; i < honest_.steps.size(); ++i)
            if (i != next)
                replay(honest_.steps[i], *session);
        expect_nothing_else(*session);
    }

    void never_followed() const
    {
        SCOPED_TRACE("nothing comes from " + at() + " on");
        auto const session = at_step();
        auto const authenticated = session->get().facts().authenticated;
        session->wire.clear();
        for (int i = 0; i < 100 && session->time_out(); ++i) {
        }
        ASSERT_TRUE(session->failure) << "still there after its deadlines";
        EXPECT_EQ(class_of(*session->failure), error_class::limit);
        // Five transmissions of each frame, not a flood.
        EXPECT_LE(session->wire.size(), 30U);
        EXPECT_EQ(session->get().facts().authenticated, authenticated);
    }

    void ended() const
    {
        SCOPED_TRACE("ended before " + at());
        auto const session = at_step();
        session->end();
        session->wire.clear();
        session->end();
        ASSERT_EQ(session->wire.size(), now().authenticated_before ? 1U : 0U);
        if (!session->wire.empty())
            EXPECT_EQ(int{type_of(session->wire.front())}, int{wire_type::bye});
    }

private:
    datagram_step const& now() const { return honest_.steps[step_]; }
    std::string at() const { return "step " + std::to_string(step_); }

    // A device says the next chunk of a message when the one before was acknowledged.
    bool is_chunk(std::size_t step) const
    {
        auto const& datagram = honest_.steps[step].data;
        if (is_ack(datagram) || datagram.size() < 12)
            return false;
        if (type_of(datagram) != wire_type::data)
            return type_of(datagram) == wire_type::data_frag;
        while (step > 0 && honest_.steps[step - 1].what != action::feed)
            --step;
        return step > 0 && !is_ack(honest_.steps[step - 1].data) &&
               type_of(honest_.steps[step - 1].data) == wire_type::data_frag;
    }

    void play(std::size_t from, std::size_t to, live_datagram_session& on) const
    {
        for (auto i = from; i < to && i < honest_.steps.size(); ++i)
            replay(honest_.steps[i], on);
    }

    std::unique_ptr<live_datagram_session> at_step() const
    {
        auto session = std::make_unique<live_datagram_session>(honest_.world);
        play(0, step_, *session);
        return session;
    }

    // Something comes that the device did not say; then everything as it should be.
    void forged(byte_string const& datagram) const
    {
        auto const session = at_step();
        session->wire.clear();
        session->feed_unseen(datagram);
        EXPECT_TRUE(session->wire.empty()) << "it was answered: " << to_hex(session->wire.front());
        EXPECT_TRUE(session->undelivered.empty());
        EXPECT_FALSE(session->over());
        EXPECT_EQ(session->up.size(), now().up_before);
        EXPECT_EQ(session->get().facts().authenticated, now().authenticated_before);
        if (!is_ack(now().data))
            EXPECT_FALSE(session->was_ours);
        play(step_, honest_.steps.size(), *session);
        expect_all(*session);
    }

    void as_good(byte_string const& datagram) const
    {
        auto const session = at_step();
        session->feed(datagram);
        play(step_ + 1, honest_.steps.size(), *session);
        expect_all(*session);
    }

    // Somebody else's, or refused: this device's proof does not fit it.
    void another_hello(byte_string const& datagram) const
    {
        auto const session = at_step();
        session->feed(datagram);
        if (session->refused) {
            EXPECT_TRUE(session->wire.empty());
            play(step_, honest_.steps.size(), *session);
            expect_all(*session);
            return;
        }
        play(step_, honest_.steps.size(), *session);
        EXPECT_FALSE(session->get().facts().authenticated);
        EXPECT_TRUE(session->up.empty());
    }

    void expect_all(live_datagram_session const& session) const
    {
        ASSERT_EQ(session.up.size(), honest_.up.size());
        for (std::size_t i = 0; i < session.up.size(); ++i)
            EXPECT_EQ(to_hex(session.up[i]), to_hex(honest_.up[i]));
        EXPECT_EQ(session.get().facts().authenticated, honest_.authenticated);
    }

    void expect_nothing_else(live_datagram_session const& session) const
    {
        auto left = honest_.up;
        for (auto const& message : session.up) {
            auto const found = std::find(left.begin(), left.end(), message);
            ASSERT_NE(found, left.end()) << "never said, or said once only: " << to_hex(message);
            left.erase(found);
        }
    }

    datagram_recording const& honest_;
    std::size_t step_;
};

// Every byte of a short datagram; of a long one those that mean something each, and some others.
std::size_t next_slot(std::size_t at, std::size_t size)
{
    bool const every = size <= 64 || at < 26 || at + 18 >= size;
    return at + (every ? 1 : 13);
}

void fail_at(fault const& at, bytes datagram)
{
    for (std::size_t size = 0; size < datagram.size(); size = next_slot(size, datagram.size()))
        at.truncated(size);
    at.with_more_behind();
    for (std::size_t i = 0; i < datagram.size(); i = next_slot(i, datagram.size()))
        for (auto const mask : corruptions) {
            at.corrupted(i, mask, false);
            if (datagram.size() >= 12 && !is_ack(datagram) && i != 10 && i != 11)
                at.corrupted(i, mask, true);
            if (testing::Test::HasFailure())
                return;
        }
    at.lost();
    at.repeated();
    at.repeated_at_the_end();
    at.swapped();
    at.never_followed();
    at.ended();
}

}  // namespace

void fails_at_every_step(datagram_recording const& honest)
{
    ASSERT_FALSE(honest.steps.empty());
    for (std::size_t i = 0; i < honest.steps.size(); ++i) {
        if (honest.steps[i].what == action::feed)
            fail_at(fault{honest, i}, honest.steps[i].data);
        if (testing::Test::HasFailure())
            return;
    }
}

}  // namespace gatehouse::test
