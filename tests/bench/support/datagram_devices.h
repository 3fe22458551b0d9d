// Devices over UDP, all on the calling thread.
#pragma once

#include "bench/support/descriptor.h"
#include "crypto/random.h"
#include "crypto/workbench.h"
#include "device/usmp_datagram_device.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace gatehouse::bench {

class datagram_devices {
public:
    // Devices with the ids 02:00:00:00:00:00 and up, which come in when asked to.
    explicit datagram_devices(
        std::uint16_t port, crypto::aead_algorithm cipher = crypto::aead_algorithm::aes_256_gcm
    );

    // Lets this many more in, one after the other.
    void enter(std::size_t count);
    // The same for devices that send one message and are never heard again: they keep no socket, of
    // which a process may have fewer than a gateway has sessions.
    void enter_and_fall_silent(std::size_t count);

    // One message of each device and its acknowledgement: all are sealed, then sent, then received.
    void say(bytes message);
    // A message of each device, acknowledged, and its echo, acknowledged by the device.
    void echo(bytes message);
    // One PING of each device and its PONG.
    void ping();

    // The datagram that was sent last.
    bytes last_sent() const noexcept { return last_sent_; }

private:
    struct line {
        line(
            std::uint16_t port, device::usmp_environment& env, device::usmp_settings const& settings
        );

        descriptor socket;
        device::usmp_datagram_device machine;
    };

    device::usmp_settings next_settings();
    void handshake(line& one);
    void send(line& one);
    // One datagram; returns how many messages of the backend were in it.
    std::size_t receive(line& one);

    std::uint16_t port_;
    crypto::aead_algorithm cipher_;
    crypto::workbench crypto_;
    crypto::system_random random_;
    block_pool blocks_{64};
    device::usmp_environment env_{crypto_, random_, blocks_};
    output out_;
    std::array<std::uint8_t, 1024> received_{};
    std::vector<std::uint8_t> last_sent_;
    std::uint32_t next_device_ = 0;
    std::deque<line> lines_;
};

}  // namespace gatehouse::bench
