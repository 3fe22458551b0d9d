#include "dialogue.h"

#include "spawn.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace gatehouse::sim {

namespace {

constexpr duration longest_farewell = std::chrono::seconds{1};
constexpr std::chrono::milliseconds rough_tick{1};  // what was held back may be due

}  // namespace

// An appointment may be made for an earlier time while this waits: then the wait is cut short.
task keep_time(dialogue* with)
{
    while (!with->over_) {
        with->clock_.expires_at(with->next_tick());
        co_await with->clock_.async_wait(awaiting);
        with->tick();
    }
}

dialogue_run::dialogue_run(device_options const& options)
    : environment{options, 1, context.get_executor()}
{
}

dialogue::dialogue(device_options const& options)
    : dialogue_run{options}
    , session{environment, 0}
    , clock_{context.get_executor()}
{
    environment.due.call_when_earlier([this] { clock_.cancel(); });
    if (options.over != transport::udp)
        return;
    traffic = std::make_unique<datagram_traffic>(
        context, environment, [this](std::uint32_t, mutable_bytes datagram) { take(datagram); }
    );
    environment.traffic = traffic.get();
}

std::string dialogue::run()
{
    attempt();
    if (!over_)
        spawn(environment.where, keep_time(this));
    context.run();
    return failure_;
}

time_point dialogue::next_tick() const
{
    auto const next = environment.due.next();
    return options().path.any() ? std::min(next, environment.now + rough_tick) : next;
}

void dialogue::tick()
{
    environment.wake();
    while (!over_ && environment.due.has_due(environment.now))
        keep(environment.due.take());
    if (traffic && !over_)
        traffic->tick();
}

void dialogue::lost(stage at, failure const& why)
{
    auto const whose = why.gateway_knows_why() ? ask_the_gateway : "";
    if (ends_ || at == stage::leaving)
        ;
    else if (at == stage::connecting)
        failure_ = "connect: " + why.text();
    else if (at == stage::shaking_hands)
        failure_ = "handshake: while " + std::string{way().awaits()} +
                   " was awaited: " + why.text() + whose;
    else
        session_lost(why);
    over_ = true;
    clock_.cancel();
    if (traffic)
        traffic->stop();
    ended();
}

void dialogue::session_lost(failure const& why)
{
    failure_ = "session: " + why.text() + (why.gateway_knows_why() ? ask_the_gateway : "");
}

void dialogue::send_due(time_point)
{
    wake_ = never;
    act();
}

void dialogue::wake_at(time_point when)
{
    if (when >= wake_ || over_)
        return;
    wake_ = when;
    appoint(due_action::message, when);
}

result<> dialogue::said(result<> done)
{
    flush();
    return done;
}

result<> dialogue::tell(bytes message)
{
    return said(say(message));
}

result<> dialogue::ping()
{
    return said(way().ping());
}

result<> dialogue::rekey()
{
    return said(way().rekey());
}

void dialogue::part()
{
    if (at() != stage::established)
        return;
    appoint(
        due_action::farewell_limit, later(now(), std::min(options().timeout, longest_farewell))
    );
    leave();
}

void dialogue::fail(std::string text)
{
    if (failure_.empty())
        failure_ = std::move(text);
    end();
}

void dialogue::end()
{
    ends_ = true;
    abandon();
}

}  // namespace gatehouse::sim
