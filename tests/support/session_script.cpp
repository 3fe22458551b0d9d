#include "support/session_script.h"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

namespace gatehouse::test {

namespace {

using action = recorded_step::action;

void note(session_script::player& on, recorded_step step)
{
    step.up_before = on.made.up.size();
    step.authenticated_before = on.session.get().facts().authenticated;
    on.made.steps.push_back(std::move(step));
}

// Everything that is a whole frame becomes a step of its own.
void feed_frames(session_script::player& on, bytes data)
{
    while (!data.empty()) {
        auto size = data.size();
        if (size >= 12 && 12 + length_of(data) <= size)
            size = 12 + length_of(data);
        auto const frame = data.first(size);
        note(on, {.what = action::feed, .data = copy_of(frame)});
        auto const had = on.session.up.size();
        on.session.feed(frame);
        for (auto i = had; i < on.session.up.size(); ++i)
            on.made.up.push_back(on.session.up[i]);
        data = data.subspan(size);
    }
}

void take_wire(session_script::player& on, std::uint8_t type, byte_string const& text)
{
    ASSERT_FALSE(on.session.wire.empty()) << "the gateway said nothing";
    auto const frame = std::exchange(on.session.wire.front(), {});
    on.session.wire.pop_front();
    ASSERT_EQ(type_of(frame), type) << to_hex(frame);
    if (type == wire_type::challenge) {
        ASSERT_TRUE(on.device.take_challenge(frame)) << to_hex(frame);
    } else if (type == wire_type::session_ok) {
        ASSERT_TRUE(on.device.take_session_ok(frame)) << to_hex(frame);
    } else {
        auto const opened = on.device.open(frame);
        ASSERT_TRUE(opened) << "the device refuses " << to_hex(frame);
        if (type != wire_type::rekey)
            ASSERT_EQ(to_hex(opened->text), to_hex(text));
    }
}

void take_up(session_script::player& on, byte_string const& text)
{
    ASSERT_FALSE(on.session.up.empty()) << "the backend got nothing";
    ASSERT_EQ(to_hex(on.session.up.front()), to_hex(text));
    on.session.up.pop_front();
}

void see_nothing(session_script::player& on)
{
    EXPECT_TRUE(on.session.wire.empty()) << "the gateway said " << to_hex(on.session.wire.front());
    EXPECT_TRUE(on.session.up.empty()) << "the backend got " << to_hex(on.session.up.front());
    EXPECT_FALSE(on.session.failure) << describe(*on.session.failure);
}

}  // namespace

void replay(recorded_step const& step, live_session& on)
{
    switch (step.what) {
    case action::feed:
        on.feed(step.data);
        return;
    case action::send:
        on.send(step.data);
        return;
    case action::wait:
        on.advance(step.time);
        return;
    }
}

void complete(recording& made)
{
    live_session session{made.world};
    for (auto& step : made.steps) {
        step.up_before = session.up.size();
        step.authenticated_before = session.get().facts().authenticated;
        replay(step, session);
    }
    made.up.assign(session.up.begin(), session.up.end());
    made.authenticated = session.get().facts().authenticated;
}

session_script::session_script(wire_generation generation)
    : session_script{usmp_world_setup{}, usual_device(generation)}
{
    if (generation == wire_generation::b)
        world_.devices.front().legacy = identity::session_id_length::sixteen;
}

session_script::session_script(usmp_world_setup world, reference_device::setup device)
    : world_{std::move(world)}
    , device_{std::move(device)}
{
}

session_script& session_script::add(std::string name, std::function<void(player&)> act)
{
    steps_.push_back({std::move(name), std::move(act)});
    return *this;
}

session_script& session_script::feed(std::string what, maker make)
{
    return add("feed " + what, [make = std::move(make)](player& on) {
        feed_frames(on, make(on.device));
    });
}

session_script& session_script::feed(byte_string raw)
{
    return feed("raw bytes", [raw = std::move(raw)](reference_device&) { return raw; });
}

session_script& session_script::hello()
{
    return feed("hello", [](reference_device& device) { return device.hello(); });
}

session_script& session_script::hello_ack()
{
    return feed("hello_ack", [](reference_device& device) { return device.hello_ack(); });
}

session_script& session_script::shake_hands()
{
    return hello().expect_wire(wire_type::challenge).hello_ack().expect_wire(wire_type::session_ok);
}

session_script& session_script::message(std::string_view text)
{
    return message(text_bytes(text));
}

session_script& session_script::message(byte_string text)
{
    return feed("message", [text = std::move(text)](reference_device& device) {
        return device.message(text);
    });
}

session_script& session_script::control(std::uint8_t type, byte_string text)
{
    return feed("control frame", [type, text = std::move(text)](reference_device& device) {
        return device.seal(type, text);
    });
}

session_script& session_script::rekey(byte_string salt)
{
    return feed("rekey", [salt = std::move(salt)](reference_device& device) {
        return device.rekey(salt);
    });
}

session_script& session_script::send(std::string_view text)
{
    return send(text_bytes(text));
}

session_script& session_script::send(byte_string text)
{
    return add("send", [text = std::move(text)](player& on) {
        note(on, {.what = action::send, .data = text});
        on.session.send(text);
    });
}

session_script& session_script::advance(duration by)
{
    return add("advance", [by](player& on) {
        note(on, {.what = action::wait, .time = by});
        on.session.advance(by);
    });
}

session_script& session_script::expect_wire(std::uint8_t type, byte_string text)
{
    return add("expect_wire", [type, text = std::move(text)](player& on) {
        take_wire(on, type, text);
    });
}

session_script& session_script::expect_up(std::string_view text)
{
    return expect_up(text_bytes(text));
}

session_script& session_script::expect_up(byte_string text)
{
    return add("expect_up", [text = std::move(text)](player& on) { take_up(on, text); });
}

session_script& session_script::expect_error(error e)
{
    return add("expect_error", [e](player& on) {
        ASSERT_TRUE(on.session.failure) << "expected: " << describe(e);
        EXPECT_EQ(describe(*on.session.failure), describe(e));
        on.session.failure.reset();
    });
}

session_script& session_script::expect_refused(error e)
{
    return add("expect_refused", [e](player& on) {
        ASSERT_TRUE(on.session.refused) << "expected: " << describe(e);
        EXPECT_EQ(describe(*on.session.refused), describe(e));
    });
}

session_script& session_script::expect_end(end_reason reason)
{
    return add("expect_end", [reason](player& on) {
        auto const ended = on.session.get().ended();
        ASSERT_TRUE(ended);
        EXPECT_EQ(name_of(*ended), name_of(reason));
    });
}

session_script& session_script::expect_nothing()
{
    return add("expect_nothing", [](player& on) {
        see_nothing(on);
        EXPECT_FALSE(on.session.over());
    });
}

session_script& session_script::check(std::function<void(player&)> look)
{
    return add("check", std::move(look));
}

std::unique_ptr<session_script::player> session_script::run() const
{
    auto on = std::unique_ptr<player>{
        new player{live_session{world_}, reference_device{device_}, {.world = world_}}};
    for (std::size_t i = 0; i < steps_.size(); ++i) {
        SCOPED_TRACE("step " + std::to_string(i) + ": " + steps_[i].name);
        steps_[i].act(*on);
        if (testing::Test::HasFatalFailure())
            return on;
    }
    SCOPED_TRACE("left over at the end");
    see_nothing(*on);
    on->made.authenticated = on->session.get().facts().authenticated;
    return on;
}

void session_script::play() const
{
    run();
}

recording session_script::record() const
{
    return std::move(run()->made);
}

}  // namespace gatehouse::test
