#include "simulation/talker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

namespace gatehouse::test {

namespace {

using namespace std::chrono_literals;

constexpr device::usmp_datagram_habits stock_habits{
    .pace = device::usmp_pace::fixed,
    .frames = device::usmp_datagram_habits::taking::queued,
};
constexpr duration connect_patience = 10s;
constexpr std::uint16_t first_talker_port = 20000;

}  // namespace

talker::talker(
    device::usmp_settings const& settings,
    talker_behaviour const& behaviour,
    datagram_path& path,
    datagram_gateway& gateway,
    message_ledger& ledger,
    std::uint64_t seed
)
    : settings_{settings}
    , behaviour_{behaviour}
    , path_{path}
    , gateway_{gateway}
    , ledger_{ledger}
    , random_{seed}
    , device_random_{{}, seed + 1}
    , address_{peer_address::v4({10, 0, 0, settings.id.back()}, first_talker_port)}
    , until_{time_point{} + 1h}
    , conversation_{seed << 20}
{
}

duration talker::up_to(duration most)
{
    return duration{std::uniform_int_distribution<duration::rep>{0, most.count()}(random_)};
}

time_point talker::next() const
{
    return device_ ? std::min(until_, device_->deadline()) : until_;
}

void talker::on_due(time_point now)
{
    if (device_ && device_->deadline() <= now) {
        device_->on_deadline(now, out_);
        flush(now);
        go_on(now);
    }
    if (until_ > now)
        return;
    switch (now_doing_) {
    case doing::nothing:
        connect(now);
        return;
    case doing::connecting:
        lose_session(now, tally_.unheard);
        return;
    case doing::sending:
        until_ = never;
        return;
    case doing::listening:
    case doing::thinking:
        say(now);
        return;
    }
}

void talker::receive(time_point now, bytes datagram)
{
    if (!device_)
        return;
    auto const size = datagram.size();
    auto const memory = std::make_unique<std::uint8_t[]>(size);
    std::copy(datagram.begin(), datagram.end(), memory.get());
    EXPECT_TRUE(device_->receive(now, {memory.get(), size}, out_));
    flush(now);
    go_on(now);
}

// Another port each time: before 0.6 an acknowledgement for the session before is one for this.
void talker::connect(time_point now)
{
    address_.port =
        static_cast<std::uint16_t>(address_.port == 0xffff ? first_talker_port : address_.port + 1);
    ++conversation_;
    was_established_ = false;
    device_.emplace(env_, settings_, stock_habits);
    device_->start(now, out_);
    now_doing_ = doing::connecting;
    until_ = now + connect_patience;
    flush(now);
}

void talker::say(time_point now)
{
    if (device_->busy()) {  // with a PONG
        until_ = now + 100ms;
        return;
    }
    auto const size = random_() % 10 == 0 ? random_() % 1800 : random_() % 200;
    auto const text = ledger_.say(size);
    ASSERT_TRUE(device_->send(now, text, out_));
    now_doing_ = doing::sending;
    until_ = never;
    answers_before_ = tally_.answers;
    flush(now);
}

bool talker::listens() const
{
    return now_doing_ == doing::listening ||
           (now_doing_ == doing::thinking && behaviour_.hears_while_thinking);
}

void talker::go_on(time_point now)
{
    if (device_ && device_->over()) {
        lose_session(now, device_->gave_up() ? tally_.unheard : tally_.dismissed);
        return;
    }
    if (!device_ || device_->busy() || !device_->established())
        return;
    if (!was_established_) {
        was_established_ = true;
        ++tally_.sessions;
        say(now);
        return;
    }
    if (now_doing_ == doing::sending) {
        ledger_.told_delivered(ledger_.said() - 1);
        now_doing_ = doing::listening;
        until_ = now + behaviour_.recv_timeout;
    }
    listen(now);
}

void talker::listen(time_point now)
{
    while (device_ && listens() && !device_->busy() && device_->has_kept()) {
        bool const fine = device_->collect(now, out_).has_value();
        flush(now);
        if (!fine) {
            lose_session(now, tally_.confused);
            return;
        }
        if (device_->over()) {
            lose_session(now, tally_.dismissed);
            return;
        }
        if (now_doing_ == doing::listening && tally_.answers > answers_before_) {
            now_doing_ = doing::thinking;
            until_ = now + up_to(behaviour_.longest_thought);
        }
    }
}

void talker::flush(time_point now)
{
    for (std::size_t i = 0; i < out_.wire.frames(); ++i)
        path_.send(now, address_, datagram_gateway::address(), out_.wire.frame_at(i));
    for (auto const message : out_.up) {
        gateway_.heard(message, conversation_);
        ++tally_.answers;
    }
    out_.clear();
}

void talker::lose_session(time_point now, std::size_t& for_what)
{
    ++for_what;
    if (now_doing_ == doing::sending)
        ledger_.told_lost(ledger_.said() - 1);
    device_.reset();
    now_doing_ = doing::nothing;
    until_ = now + 1s;
}

}  // namespace gatehouse::test
