#include "dialogue.h"

#include "net/clock.h"
#include "spawn.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace gatehouse::sim {

namespace {

constexpr auto blocked_pause = std::chrono::milliseconds{2};
constexpr duration longest_farewell = std::chrono::seconds{1};

}  // namespace

dialogue::dialogue(device_options const& options)
    : options_{options}
    , link_{context_.get_executor(), tools_, options.settings}
    , timer_{context_.get_executor()}
{
}

std::string dialogue::run()
{
    if (auto const wrong = link_.open(options_.gateway, std::nullopt))
        return "connect: " + wrong.text();
    limit_ = later(read_clock(), options_.timeout);
    wake_at(limit_);
    spawn(context_.get_executor(), converse(this));
    context_.run();
    return failure_;
}

void dialogue::connected(boost::system::error_code const& refused)
{
    auto const now = read_clock();
    if (refused) {
        auto const why =
            now >= limit_ ? trouble::of(trouble::kind::timeout) : trouble::network(refused);
        fail("connect: " + why.text());
        return;
    }
    stage_ = stage::shaking_hands;
    limit_ = later(now, options_.timeout);
    link_.device().start(tools_.out);
    flush();
    wake_at(limit_);
}

void dialogue::look(boost::system::error_code const& cut_short)
{
    if (stage_ == stage::over)
        return;
    auto const now = read_clock();
    if (!cut_short)
        take(now);
    if (stage_ != stage::over)
        step(now);
}

// What came from the gateway.
void dialogue::take(time_point now)
{
    auto const wrong = link_.take(now);
    for (auto const message : tools_.out.up)
        hear(message);
    if (stage_ == stage::over)
        return;
    flush();
    if (!wrong)
        return;
    if (stage_ == stage::shaking_hands)
        handshake_failed(wrong);
    else if (stage_ == stage::talking)
        lost(wrong);
    else
        end();
}

// What is to be done now, whatever woke us.
void dialogue::step(time_point now)
{
    wake_ = never;
    if (blocked()) {
        flush();
        wake_at(now + blocked_pause);
    }
    if (stage_ == stage::shaking_hands && link_.device().established()) {
        stage_ = stage::talking;
        limit_ = never;
        last_said_ = now;
        begin(now);
    }
    if (stage_ == stage::shaking_hands && now >= limit_)
        handshake_failed(trouble::of(trouble::kind::timeout));
    if (stage_ == stage::talking)
        act(now);
    if (stage_ == stage::talking)
        keep_alive(now);
    if (stage_ == stage::leaving && !blocked())
        link_.finish_sending();
    if (stage_ == stage::leaving && now >= limit_)
        end();
    wake_at(limit_);
}

void dialogue::keep_alive(time_point now)
{
    if (options_.keepalive == duration::zero())
        return;
    if (now >= later(last_said_, options_.keepalive))
        ping();
    wake_at(later(last_said_, options_.keepalive));
}

void dialogue::handshake_failed(trouble const& why)
{
    fail(
        "handshake: while " + std::string{link_.device().awaits()} + " was awaited: " + why.text()
    );
}

void dialogue::lost(trouble const& why)
{
    fail("session: " + why.text());
}

void dialogue::flush()
{
    auto const wrong = link_.flush();
    // A gateway that refuses has often said why, or closed, in what can still be read.
    if (wrong && wrong.what() != trouble::kind::closed)
        fail("send: " + wrong.text());
}

result<> dialogue::say(bytes message)
{
    auto const said = link_.device().send(message, tools_.out);
    last_said_ = read_clock();
    flush();
    return said;
}

result<> dialogue::ping()
{
    auto const said = link_.device().ping(tools_.out);
    last_said_ = read_clock();
    flush();
    return said;
}

result<> dialogue::rekey()
{
    auto const said = link_.device().rekey(tools_.out);
    last_said_ = read_clock();
    flush();
    return said;
}

void dialogue::wake_at(time_point when)
{
    if (when >= wake_ || stage_ == stage::over)
        return;
    wake_ = when;
    timer_.expires_at(when);
    timer_.async_wait([this](boost::system::error_code const& moved) {
        if (!moved)
            look_again();
    });
}

// A cancelled wait means: look again.
void dialogue::look_again()
{
    boost::system::error_code ignored;
    link_.socket().cancel(ignored);
}

void dialogue::leave()
{
    if (stage_ != stage::talking)
        return;
    stage_ = stage::leaving;
    limit_ = later(read_clock(), std::min(options_.timeout, longest_farewell));
    if (link_.device().bye(tools_.out))
        flush();
    else
        end();
}

void dialogue::fail(std::string text)
{
    if (failure_.empty())
        failure_ = std::move(text);
    end();
}

void dialogue::end()
{
    stage_ = stage::over;
    link_.close();
    timer_.cancel();
    ended();
}

}  // namespace gatehouse::sim
