#include "support/datagram_talk.h"

#include <gtest/gtest.h>

#include <utility>

namespace gatehouse::test {

using action = datagram_step::action;

void replay(datagram_step const& step, live_datagram_session& on)
{
    switch (step.what) {
    case action::feed:
        on.feed(step.data);
        return;
    case action::send:
        on.send(step.data);
        return;
    case action::take_over:
        on.taken_over(step.count);
        return;
    case action::wait:
        on.advance(step.time);
        return;
    }
}

datagram_talk::datagram_talk(wire_generation generation, usmp_world_setup world)
    : datagram_talk{std::move(world), usual_device(generation)}
{
}

datagram_talk::datagram_talk(usmp_world_setup world, reference_device::setup with)
    : session{world}
    , device{std::move(with)}
    , made{.world = std::move(world)}
{
}

void datagram_talk::note(datagram_step step)
{
    step.up_before = made.up.size();
    step.authenticated_before = session.get().facts().authenticated;
    made.steps.push_back(std::move(step));
}

// --- the device -------------------------------------------------------------------------------

datagram_talk::said datagram_talk::seal(std::uint8_t type, byte_string text)
{
    auto const sequence = device.transmit_sequence();
    auto const owed = device.owed_ack(device.seal_as(type, sequence, text));
    return {type == wire_type::rekey ? device.rekey(text) : device.seal(type, text), owed};
}

void datagram_talk::feed(byte_string datagram)
{
    note({.what = action::feed, .data = datagram});
    auto const had = session.up.size();
    session.feed(datagram);
    for (auto i = had; i < session.up.size(); ++i)
        made.up.push_back(session.up[i]);
    made.authenticated = session.get().facts().authenticated;
}

datagram_talk::said datagram_talk::feed(said frame)
{
    feed(frame.frame);
    return frame;
}

datagram_talk::said datagram_talk::hello()
{
    auto frame = device.hello();
    auto owed = device.owed_ack(frame);
    return feed({std::move(frame), std::move(owed)});
}

datagram_talk::said datagram_talk::hello_ack()
{
    auto frame = device.hello_ack();
    auto owed = device.owed_ack(frame);
    return feed({std::move(frame), std::move(owed)});
}

datagram_talk::said datagram_talk::say(std::uint8_t type, std::string_view text)
{
    return feed(seal(type, text_bytes(text)));
}

datagram_talk::said datagram_talk::rekey(byte_string salt)
{
    return feed(seal(wire_type::rekey, std::move(salt)));
}

void datagram_talk::shake_hands()
{
    expect_ack(hello());
    feed(expect_frame(wire_type::challenge));
    expect_ack(hello_ack());
    feed(expect_frame(wire_type::session_ok));
    ASSERT_TRUE(session.get().facts().authenticated);
}

void datagram_talk::deliver(byte_string text)
{
    auto rest = bytes{text};
    for (; rest.size() > device.max_plaintext(); rest = rest.subspan(device.max_plaintext()))
        expect_ack(feed(seal(wire_type::data_frag, copy_of(rest.first(device.max_plaintext())))));
    auto const last = feed(seal(wire_type::data, copy_of(rest)));
    expect_up(text);
    take_over();
    expect_ack(last);
}

void datagram_talk::hear(std::uint8_t type, byte_string text)
{
    feed(expect_frame(type, std::move(text)));
    EXPECT_TRUE(session.was_ours);
}

// --- the backend, and time --------------------------------------------------------------------

void datagram_talk::send(byte_string text)
{
    note({.what = action::send, .data = text});
    session.send(text);
}

void datagram_talk::take_over(std::size_t messages)
{
    note({.what = action::take_over, .count = messages});
    session.taken_over(messages);
}

void datagram_talk::advance(duration by)
{
    note({.what = action::wait, .time = by});
    session.advance(by);
}

// --- expectations -----------------------------------------------------------------------------

byte_string datagram_talk::lose()
{
    if (session.wire.empty()) {
        ADD_FAILURE() << "the gateway said nothing";
        return byte_string(12);
    }
    auto first = std::move(session.wire.front());
    session.wire.pop_front();
    return first;
}

byte_string datagram_talk::expect_frame(std::uint8_t type, byte_string text)
{
    auto const frame = lose();
    auto owed = device.ack_of(frame);
    EXPECT_EQ(int{type_of(frame)}, int{type}) << to_hex(frame);
    if (type == wire_type::challenge) {
        EXPECT_TRUE(device.take_challenge(frame)) << to_hex(frame);
    } else if (type == wire_type::session_ok) {
        EXPECT_TRUE(device.take_session_ok(frame)) << to_hex(frame);
    } else if (auto const opened = device.open(frame); !opened) {
        ADD_FAILURE() << "the device refuses " << to_hex(frame);
    } else if (type != wire_type::rekey) {
        EXPECT_EQ(to_hex(opened->text), to_hex(text));
    }
    return owed;
}

void datagram_talk::expect_wire(byte_string const& datagram)
{
    EXPECT_EQ(to_hex(lose()), to_hex(datagram));
}

void datagram_talk::expect_up(byte_string const& text)
{
    ASSERT_FALSE(session.up.empty()) << "the backend got nothing";
    EXPECT_EQ(to_hex(session.up.front()), to_hex(text));
    session.up.pop_front();
}

void datagram_talk::expect_refused(error e)
{
    ASSERT_TRUE(session.refused) << "expected: " << describe(e);
    EXPECT_EQ(describe(*session.refused), describe(e));
    EXPECT_FALSE(session.was_ours);
}

void datagram_talk::expect_undelivered(std::uint64_t number, std::string_view text)
{
    ASSERT_FALSE(session.undelivered.empty()) << "nothing was reported";
    EXPECT_EQ(session.undelivered.front().number, number);
    EXPECT_EQ(text_of(session.undelivered.front().text), text);
    session.undelivered.pop_front();
}

void datagram_talk::expect_silence()
{
    EXPECT_TRUE(session.wire.empty()) << "the gateway said " << to_hex(session.wire.front());
    EXPECT_TRUE(session.up.empty()) << "the backend got " << to_hex(session.up.front());
    EXPECT_TRUE(session.undelivered.empty())
        << "undelivered: " << to_hex(session.undelivered.front().text);
    EXPECT_FALSE(session.failure) << describe(*session.failure);
    EXPECT_FALSE(session.get().ended());
}

void datagram_talk::expect_failure(error e)
{
    for (int i = 0; i < 200 && session.time_out(); ++i) {
    }
    ASSERT_TRUE(session.failure) << "expected: " << describe(e);
    EXPECT_EQ(describe(*session.failure), describe(e));
}

}  // namespace gatehouse::test
