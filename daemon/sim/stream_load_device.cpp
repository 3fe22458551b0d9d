#include "stream_load_device.h"

#include "net/clock.h"
#include "source_address.h"
#include "spawn.h"

#include <chrono>

namespace gatehouse::sim {

namespace {

constexpr duration blocked_pause = std::chrono::milliseconds{2};

}  // namespace

task drive(stream_load_device* device)
{
    auto& socket = device->link_->socket();
    auto const& gateway = device->run().options.device.gateway;
    auto const [refused] = co_await socket.async_connect(gateway, awaiting);
    device->connect_ended(refused);
    while (!device->dropped_) {
        auto const [broken] = co_await socket.async_wait(tcp_socket::wait_read, awaiting);
        device->readable(broken);
    }
    device->detached();
}

void stream_load_device::open()
{
    dropped_ = false;
    why_ = {};
    auto const& options = run().options.device;
    link_.emplace(run().where, run().tools, options.kind->make_stream(index()));
    auto const& gateway = options.gateway;
    auto const each = options.facts().devices_an_address;
    if (auto const wrong = link_->open(gateway, source_address(gateway.address(), index(), each))) {
        drop(wrong);
        detached();
        return;
    }
    spawn(run().where, drive(this));
}

void stream_load_device::connect_ended(boost::system::error_code const& refused)
{
    if (dropped_)
        return;
    if (refused) {
        drop(failure::network(refused));
        return;
    }
    now_at(stage::shaking_hands);
    link_->device().start(run().tools.out);
    flush();
}

void stream_load_device::readable(boost::system::error_code const& broken)
{
    if (dropped_)
        return;
    if (broken) {
        drop(failure::network(broken));
        return;
    }
    run().now = read_clock();
    run().options.device.kind->tell_time(read_wall_clock());
    auto const wrong = link_->take(run().now);
    for (auto const message : run().tools.out.up)
        hear(message);
    flush();
    if (wrong)
        drop(wrong);
    else if (at() == stage::shaking_hands && link_->device().established())
        establish();
    else
        go_on();
}

result<> stream_load_device::say(bytes message)
{
    return link_->device().send(message, run().tools.out);
}

void stream_load_device::ping()
{
    link_->device().ping(run().tools.out);
}

void stream_load_device::farewell()
{
    link_->device().bye(run().tools.out);
}

void stream_load_device::flush()
{
    auto const wrong = link_->flush();
    // What the gateway said before it closed can still be read.
    if (wrong && wrong.what() != failure::kind::closed)
        drop(wrong);
    else if (link_->blocked())
        appoint(due_action::flush, later(run().now, blocked_pause));
    else if (at() == stage::leaving && !link_->device().busy())
        link_->finish_sending();
}

void stream_load_device::keep_own(due_action what)
{
    if (what != due_action::flush)
        return;
    flush();
    go_on();
}

void stream_load_device::abandon()
{
    if (connected())
        drop(why_);
}

// The connection's wait ends with an error, and its coroutine with it.
void stream_load_device::drop(failure const& why)
{
    why_ = why;
    dropped_ = true;
    link_->close();
}

void stream_load_device::detached()
{
    lost(why_);
    link_.reset();
}

}  // namespace gatehouse::sim
