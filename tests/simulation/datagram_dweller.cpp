#include "simulation/datagram_dweller.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

namespace gatehouse::test {

namespace {

using namespace std::chrono_literals;
using fate = device::message_fate;

constexpr duration handshake_patience = 20s;
constexpr std::uint16_t first_port = 20000;

}  // namespace

datagram_dweller::datagram_dweller(
    device::usmp_settings const& settings,
    dweller_behaviour const& behaviour,
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
    , address_{peer_address::v4({10, 0, 0, settings.id.back()}, first_port)}
    , next_action_{time_point{} + 1h + between(0s, 60s)}
    , conversation_{seed << 20}
{
}

duration datagram_dweller::between(duration least, duration most)
{
    return duration{
        std::uniform_int_distribution<duration::rep>{least.count(), most.count()}(random_)};
}

time_point datagram_dweller::next() const
{
    auto earliest = std::min(next_action_, next_collect_);
    if (device_)
        earliest = std::min({earliest, device_->deadline(), patience_ends_});
    return earliest;
}

void datagram_dweller::on_due(time_point now)
{
    if (device_ && device_->deadline() <= now) {
        device_->on_deadline(now, out_);
        flush(now);
    }
    if (next_collect_ <= now) {
        next_collect_ = never;
        if (device_ && !device_->collect(now, out_))
            fail(now);
        flush(now);
    }
    if (patience_ends_ <= now)
        hang_up(now);
    if (next_action_ <= now)
        act(now);
}

void datagram_dweller::receive(time_point now, bytes datagram)
{
    if (!device_)
        return;
    auto const size = datagram.size();
    auto const memory = std::make_unique<std::uint8_t[]>(size);
    std::copy(datagram.begin(), datagram.end(), memory.get());
    bool const fine = device_->receive(now, {memory.get(), size}, out_).has_value();
    flush(now);
    if (!fine) {
        fail(now);
        return;
    }
    bool const waits =
        behaviour_.habits.frames == device::usmp_datagram_habits::taking::when_collected;
    if (waits && device_ && next_collect_ == never)
        next_collect_ = now + between(0s, 2s);
}

// What the device wants, after whatever happened to it.
void datagram_dweller::flush(time_point now)
{
    for (std::size_t i = 0; i < out_.wire.frames(); ++i)
        path_.send(now, address_, datagram_gateway::address(), out_.wire.frame_at(i));
    for (auto const message : out_.up)
        gateway_.heard(message, conversation_);
    out_.clear();
    look_at_message();
    if (!device_)
        return;
    if (device_->established() && !was_established_) {
        was_established_ = true;
        patience_ends_ = never;
        ++tally_.visits;
    }
    if (device_->over()) {
        tally_.given_up += device_->gave_up() ? 1U : 0U;
        hang_up(now);
    }
}

void datagram_dweller::look_at_message()
{
    if (!device_ || !under_way_)
        return;
    if (device_->last_message() == fate::delivered)
        ledger_.told_delivered(*under_way_);
    else if (device_->last_message() == fate::given_up)
        ledger_.told_lost(*under_way_);
    if (device_->last_message() != fate::under_way)
        under_way_.reset();
}

void datagram_dweller::hang_up(time_point now)
{
    if (under_way_)
        ledger_.told_lost(*under_way_);
    under_way_.reset();
    device_.reset();
    next_collect_ = never;
    patience_ends_ = never;
    next_action_ = now + between(1s, 30s);
}

// Only what was on its way to the device that was here before can do that.
void datagram_dweller::fail(time_point now)
{
    EXPECT_TRUE(behaviour_.keeps_its_port) << "the gateway said something that no device takes";
    ++tally_.failed;
    hang_up(now);
}

void datagram_dweller::connect(time_point now)
{
    if (!behaviour_.keeps_its_port)
        move();
    ++conversation_;
    was_established_ = false;
    device_.emplace(env_, settings_, behaviour_.habits);
    device_->start(now, out_);
    patience_ends_ = now + handshake_patience;
    flush(now);
}

// Another port of the same address: no datagram of before gets there.
void datagram_dweller::move()
{
    address_.port =
        static_cast<std::uint16_t>(address_.port == 0xffff ? first_port : address_.port + 1);
}

datagram_dweller::action datagram_dweller::draw()
{
    auto const dice = random_() % 100;
    if (dice < 60)
        return action::say;
    if (dice < 80)
        return action::ping;
    if (dice < 88)
        return settings_.release.can_rekey ? action::rekey : action::ping;
    if (dice < 93)
        return action::move;
    if (dice < 95)
        return action::reboot;
    return dice < 97 ? action::leave : action::nothing;
}

void datagram_dweller::act(time_point now)
{
    next_action_ = now + between(behaviour_.shortest_pause, behaviour_.longest_pause);
    if (!device_) {
        connect(now);
        return;
    }
    auto const what = draw();
    if (what == action::reboot) {
        hang_up(now);
        return;
    }
    if (what == action::move)
        move();
    if (!device_->established() || device_->busy()) {
        next_action_ = std::min(next_action_, now + 5s);
        return;
    }
    result<> done;
    if (what == action::say)
        say(now);
    else if (what == action::ping)
        done = device_->ping(now, out_);
    else if (what == action::rekey)
        done = device_->rekey(now, out_);
    else if (what == action::leave)
        done = device_->bye(now, out_);
    EXPECT_TRUE(done);
    tally_.rekeys += what == action::rekey ? 1U : 0U;
    flush(now);
}

void datagram_dweller::say(time_point now)
{
    auto const size = random_() % 10 == 0 ? random_() % 1800 : random_() % 200;
    auto const text = ledger_.say(size);
    under_way_ = ledger_.said() - 1;
    ASSERT_TRUE(device_->send(now, text, out_));
}

}  // namespace gatehouse::test
