#include "dialogue.h"

#include "net/clock.h"
#include "spawn.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace gatehouse::sim {

namespace {

constexpr duration longest_farewell = std::chrono::seconds{1};

}  // namespace

dialogue::dialogue(device_options const& options)
    : options_{options}
    , link_{make_link(context_.get_executor(), tools_, options)}
    , timer_{context_.get_executor()}
{
}

std::string dialogue::run()
{
    if (auto const wrong = link_->open())
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
            now >= limit_ ? failure::of(failure::kind::timeout) : failure::network(refused);
        fail("connect: " + why.text());
        return;
    }
    stage_ = stage::shaking_hands;
    limit_ = later(now, options_.timeout);
    link_->start(now);
    flush(now);
    step(now);
}

void dialogue::look(boost::system::error_code const& cut_short)
{
    if (stage_ == stage::over)
        return;
    auto const now = read_clock();
    if (!cut_short)
        take(link_->take(now), now);
    if (stage_ != stage::over)
        take(link_->on_time(now), now);
    if (stage_ != stage::over)
        step(now);
}

// What came from the gateway, and how it ended if it did.
void dialogue::take(failure const& wrong, time_point now)
{
    for (auto const message : tools_.out.up)
        hear(message);
    if (stage_ == stage::over)
        return;
    flush(now);
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
    if (stage_ == stage::shaking_hands && link_->established()) {
        stage_ = stage::talking;
        limit_ = never;
        last_said_ = now;
        begin(now);
    }
    if (stage_ == stage::shaking_hands && now >= limit_)
        handshake_failed(failure::of(failure::kind::timeout));
    if (stage_ == stage::talking)
        act(now);
    if (stage_ == stage::talking)
        keep_alive(now);
    if (stage_ == stage::leaving && !blocked())
        link_->finish_sending();
    if (stage_ == stage::leaving && (link_->finished() || now >= limit_))
        end();
    wake_at(limit_);
    wake_at(link_->due(now));
}

void dialogue::keep_alive(time_point now)
{
    if (options_.facts().keepalive == duration::zero() || blocked())
        return;
    if (now >= later(last_said_, options_.facts().keepalive))
        ping();
    wake_at(later(last_said_, options_.facts().keepalive));
}

void dialogue::handshake_failed(failure const& why)
{
    fail(
        "handshake: while " + std::string{link_->awaits()} + " was awaited: " + why.text() +
        (why.gateway_knows_why() ? ask_the_gateway : "")
    );
}

void dialogue::lost(failure const& why)
{
    fail("session: " + why.text() + (why.gateway_knows_why() ? ask_the_gateway : ""));
}

void dialogue::flush(time_point now)
{
    auto const wrong = link_->flush(now);
    // A gateway that refuses has often said why, or closed, in what can still be read.
    if (wrong && wrong.what() != failure::kind::closed)
        fail("send: " + wrong.text());
}

result<> dialogue::said(result<> done, time_point now)
{
    last_said_ = now;
    flush(now);
    if (stage_ != stage::over)
        wake_at(link_->due(now));
    return done;
}

result<> dialogue::say(bytes message)
{
    auto const now = read_clock();
    return said(link_->say(now, message), now);
}

result<> dialogue::ping()
{
    auto const now = read_clock();
    return said(link_->ping(now), now);
}

result<> dialogue::rekey()
{
    auto const now = read_clock();
    return said(link_->rekey(now), now);
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
    link_->cancel();
}

void dialogue::leave()
{
    if (stage_ != stage::talking)
        return;
    auto const now = read_clock();
    stage_ = stage::leaving;
    limit_ = later(now, std::min(options_.timeout, longest_farewell));
    wake_at(limit_);
    if (!said(link_->bye(now), now))
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
    link_->close();
    timer_.cancel();
    ended();
}

}  // namespace gatehouse::sim
