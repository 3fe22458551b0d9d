// A device and a gateway session that talk to each other, by hand and under a virtual clock.
#pragma once

#include "device/usmp_device.h"
#include "support/live_session.h"
#include "support/scripted_random.h"

#include <deque>
#include <optional>

namespace gatehouse::test {

// A device alone: what it says is copied out of each call.
class live_device {
public:
    explicit live_device(device::usmp_settings const& settings, byte_string random = {})
        : random_{std::move(random)}
        , device_{env_, settings}
    {
    }

    void start()
    {
        device_.start(out_);
        collect();
    }

    void feed(bytes data, time_point now = time_point{})
    {
        append(pending_, data);
        auto const consumed = device_.receive(now, pending_, out_);
        if (!consumed)
            failure = consumed.error();
        collect();
        auto const size = consumed ? static_cast<std::ptrdiff_t>(*consumed) : 0;
        pending_.erase(pending_.begin(), pending_.begin() + size);
    }

    result<> send(bytes message) { return said(device_.send(message, out_)); }
    result<> ping() { return said(device_.ping(out_)); }
    result<> bye() { return said(device_.bye(out_)); }
    result<> rekey() { return said(device_.rekey(out_)); }

    device::usmp_device const& get() const { return device_; }
    bool random_used_up() const { return random_.queue_used_up(); }

    std::deque<byte_string> wire;  // frames for the gateway; the test takes them out
    std::deque<byte_string> up;    // messages of the gateway; the test takes them out
    std::optional<error> failure;

private:
    result<> said(result<> done)
    {
        collect();
        return done;
    }

    void collect()
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
    device::usmp_device device_;
    output out_;
    byte_string pending_;
};

// The device's key is `usual_psk()`, which lives as long as the program.
inline device::usmp_settings usual_settings(device::usmp_release const& release)
{
    static byte_string const psk = usual_psk();
    return {
        .release = release,
        .label = release.how->label,
        .id = {2, 0, 0, 0, 0, 1},
        .psk = psk,
    };
}

struct device_pair {
    explicit device_pair(device::usmp_settings const& settings, usmp_world_setup const& world = {})
        : device{settings}
        , gateway{world}
    {
    }

    // Delivers until both are silent.
    void talk()
    {
        while (!device.wire.empty() || !gateway.wire.empty()) {
            if (!device.wire.empty()) {
                gateway.feed(device.wire.front());
                device.wire.pop_front();
            } else {
                device.feed(gateway.wire.front(), gateway.now());
                gateway.wire.pop_front();
            }
        }
    }

    void shake_hands()
    {
        device.start();
        talk();
    }

    live_device device;
    live_session gateway;
};

// A world in which the gateway knows that a device of this release wants 16-byte ids.
inline usmp_world_setup world_for(device::usmp_release const& release)
{
    usmp_world_setup world;
    if (release.how == &usmp::r0_3)
        world.devices.front().legacy = identity::session_id_length::sixteen;
    return world;
}

}  // namespace gatehouse::test
