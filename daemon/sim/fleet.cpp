#include "fleet.h"

#include "datagram_traffic.h"
#include "spawn.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>

namespace gatehouse::sim {

namespace {

constexpr auto tick_time = std::chrono::milliseconds{1};
constexpr duration longest_farewell = std::chrono::seconds{2};

// So that a burst of attempts does not keep the connections waiting.
constexpr int attempts_a_tick = 64;
constexpr std::size_t leavers_a_tick = 64;

}  // namespace

task keep_time(fleet* all)
{
    while (all->run_.phase != load_phase::over) {
        all->clock_.expires_after(tick_time);
        co_await all->clock_.async_wait(awaiting);
        all->tick();
    }
    all->signals_.cancel();
    if (all->traffic_)
        all->traffic_->stop();
}

fleet::fleet(load_options const& options)
    : options_{options}
    , run_{options, context_.get_executor()}
    , clock_{context_.get_executor()}
    , signals_{context_.get_executor(), SIGINT, SIGTERM}
    , progress_{run_}
{
    make_devices();
}

void fleet::make_devices()
{
    devices_.reserve(options_.devices);
    for (std::uint32_t index = 0; index < options_.devices; ++index) {
        devices_.push_back(std::make_unique<load_device>(run_, index));
        waiting_.push_back(devices_.back().get());
    }
    if (options_.device.over != transport::udp)
        return;
    traffic_ = std::make_unique<datagram_traffic>(
        context_,
        run_,
        [this](std::uint32_t device, mutable_bytes datagram) { devices_[device]->take(datagram); }
    );
    run_.traffic = traffic_.get();
}

void fleet::run()
{
    run_.wake();
    run_.started = run_.last_handshake = run_.now;
    signals_.async_wait([this](boost::system::error_code const& failed, int) {
        if (!failed)
            stopped_ = true;
    });
    progress_.begin(run_.now);
    spawn(context_.get_executor(), keep_time(this));
    context_.run();
    progress_.finish();
}

void fleet::tick()
{
    run_.wake();
    keep_appointments();
    admit();
    change_phase();
    if (traffic_)
        traffic_->tick();
    progress_.tick();
}

void fleet::keep_appointments()
{
    while (run_.due.has_due(run_.now)) {
        auto const due = run_.due.take();
        if (due.device->keep(due) && run_.phase < load_phase::draining)
            waiting_.push_back(static_cast<load_device*>(due.device));
    }
}

void fleet::admit()
{
    if (run_.phase >= load_phase::draining)
        return;
    std::chrono::duration<double> const elapsed = run_.now - run_.started;
    auto const allowed = options_.connect_rate * elapsed.count();
    for (int n = 0; n < attempts_a_tick && !waiting_.empty(); ++n) {
        bool const too_soon = static_cast<double>(admitted_) > allowed;
        if (too_soon || run_.shaking_hands >= options_.handshakes)
            return;
        auto* const device = waiting_.front();
        waiting_.pop_front();
        ++admitted_;
        device->come();
    }
}

void fleet::change_phase()
{
    bool const is_due = run_.now >= phase_limit_;
    switch (run_.phase) {
    case load_phase::connecting:
        if (run_.settled < options_.devices && !stopped_)
            break;
        finish_connecting();
        if (stopped_)
            begin_leaving();
        else if (options_.hold == duration::zero())
            begin_sending();
        break;
    case load_phase::holding:
        if (stopped_)
            begin_leaving();
        else if (is_due)
            begin_sending();
        break;
    case load_phase::sending:
        if (!is_due && !stopped_)
            break;
        sending_time_ = run_.now - sending_from_;
        run_.phase = load_phase::draining;
        phase_limit_ = later(run_.now, options_.device.timeout);
        break;
    case load_phase::draining:
        if (run_.awaited == 0 || is_due || stopped_)
            begin_leaving();
        break;
    case load_phase::leaving:
        let_leave();
        if (is_due)
            for (auto const& device : devices_)
                device->abandon();
        if (run_.connections == 0)
            run_.phase = load_phase::over;
        break;
    case load_phase::over:
        break;
    }
}

void fleet::finish_connecting()
{
    handshakes_at_first_ = run_.counts.handshakes;
    handshake_time_ = run_.last_handshake - run_.started;
    if (options_.hold == duration::zero())
        return;
    run_.phase = load_phase::holding;
    phase_limit_ = later(run_.now, options_.hold);
    progress_.tell_connected();
}

void fleet::begin_sending()
{
    run_.phase = load_phase::sending;
    sending_from_ = run_.now;
    phase_limit_ = later(
        run_.now, run_.established == 0 && !options_.reconnect ? duration{} : options_.length
    );
    for (auto const& device : devices_)
        device->begin_sending();
}

void fleet::begin_leaving()
{
    run_.phase = load_phase::leaving;
    let_leave();
}

// A few at a time: what a million devices say at once is lost over UDP.
void fleet::let_leave()
{
    for (std::size_t n = 0; n < leavers_a_tick && leavers_ < devices_.size(); ++n) {
        devices_[leavers_++]->go();
        phase_limit_ = later(run_.now, longest_farewell);
    }
}

load_result fleet::result() const
{
    auto const failed = std::count_if(devices_.begin(), devices_.end(), [](auto const& device) {
        return device->has_failed();
    });
    return {
        .counts = run_.counts,
        .devices_failed = static_cast<std::uint32_t>(failed),
        .handshakes_at_first = handshakes_at_first_,
        .handshake_time = handshake_time_,
        .sending_time = sending_time_,
    };
}

}  // namespace gatehouse::sim
