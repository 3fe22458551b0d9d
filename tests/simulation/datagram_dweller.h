// One device and its application: connects, talks, listens, moves to another address, reboots,
// leaves and comes back, as a seed decides. What the device says of its messages goes into the
// ledger.
#pragma once

#include "device/usmp_datagram_device.h"
#include "simulation/datagram_gateway.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <random>

namespace gatehouse::test {

struct dweller_behaviour {
    device::usmp_datagram_habits habits;
    bool keeps_its_port = false;  // after a reboot
    duration shortest_pause = std::chrono::seconds{10};
    duration longest_pause = std::chrono::minutes{60};
};

class datagram_dweller {
public:
    datagram_dweller(
        device::usmp_settings const& settings,
        dweller_behaviour const& behaviour,
        datagram_path& path,
        datagram_gateway& gateway,
        message_ledger& ledger,
        std::uint64_t seed
    );

    // The one at which it receives now; what goes elsewhere is lost.
    peer_address const& address() const { return address_; }
    void receive(time_point now, bytes datagram);

    time_point next() const;
    void on_due(time_point now);

    struct tally {
        std::size_t visits = 0;  // established sessions
        std::size_t given_up = 0;
        std::size_t failed = 0;  // on something that the gateway said
        std::size_t rekeys = 0;
    };
    tally const& counted() const { return tally_; }

private:
    enum class action : std::uint8_t { say, ping, rekey, move, reboot, leave, nothing };

    action draw();
    void act(time_point now);
    void say(time_point now);
    void connect(time_point now);
    void hang_up(time_point now);
    void fail(time_point now);
    void flush(time_point now);
    void look_at_message();
    void move();
    duration between(duration least, duration most);

    device::usmp_settings settings_;
    dweller_behaviour behaviour_;
    datagram_path& path_;
    datagram_gateway& gateway_;
    message_ledger& ledger_;
    std::mt19937_64 random_;
    scripted_random device_random_;
    crypto::workbench crypto_;
    block_pool blocks_{4};
    device::usmp_environment env_{crypto_, device_random_, blocks_};
    std::optional<device::usmp_datagram_device> device_;
    output out_;
    peer_address address_;
    time_point next_action_;
    time_point next_collect_ = never;
    time_point patience_ends_ = never;  // with a handshake
    std::uint64_t conversation_;
    std::optional<std::size_t> under_way_;  // the message that the device was given last
    bool was_established_ = false;
    tally tally_;
};

}  // namespace gatehouse::test
