// A datagram device alone, under a virtual clock: what it says is copied out of each call.
#pragma once

#include "device/usmp_datagram_device.h"
#include "support/byte_string.h"
#include "support/scripted_random.h"

#include <deque>
#include <optional>
#include <utility>

namespace gatehouse::test {

class live_datagram_device {
public:
    live_datagram_device(
        device::usmp_settings const& settings,
        device::usmp_datagram_habits const& habits,
        byte_string random = {}
    )
        : random_{std::move(random)}
        , device_{env_, settings, habits}
    {
    }

    void start()
    {
        device_.start(now, out_);
        take_out();
    }

    void feed(bytes datagram)
    {
        auto copy = copy_of(datagram);
        judge(device_.receive(now, copy, out_));
        take_out();
    }

    // Lets time pass until the next transmission or the end of patience.
    void time_out()
    {
        now = device_.deadline();
        device_.on_deadline(now, out_);
        take_out();
    }

    void collect()
    {
        judge(device_.collect(now, out_));
        take_out();
    }

    result<> send(bytes message) { return said(device_.send(now, message, out_)); }
    result<> ping() { return said(device_.ping(now, out_)); }
    result<> rekey() { return said(device_.rekey(now, out_)); }
    result<> bye() { return said(device_.bye(now, out_)); }

    byte_string next()
    {
        if (wire.empty())
            return {};
        auto first = std::move(wire.front());
        wire.pop_front();
        return first;
    }

    device::usmp_datagram_device const& get() const { return device_; }
    bool random_used_up() const { return random_.queue_used_up(); }

    time_point now = time_point{} + std::chrono::hours{1};
    std::deque<byte_string> wire;  // datagrams for the gateway; the test takes them out
    std::deque<byte_string> up;    // messages of the gateway; the test takes them out
    std::optional<error> failure;

private:
    void judge(result<> done)
    {
        if (!done)
            failure = done.error();
    }

    result<> said(result<> done)
    {
        take_out();
        return done;
    }

    void take_out()
    {
        for (std::size_t i = 0; i < out_.wire.frames(); ++i)
            wire.push_back(copy_of(out_.wire.frame_at(i)));
        for (auto const message : out_.up)
            up.push_back(copy_of(message));
        out_.clear();
    }

    scripted_random random_;
    crypto::workbench crypto_;
    block_pool blocks_{4};
    device::usmp_environment env_{crypto_, random_, blocks_};
    device::usmp_datagram_device device_;
    output out_;
};

}  // namespace gatehouse::test
