// Devices over real TCP connections, all on the calling thread.
#pragma once

#include "bench/support/descriptor.h"
#include "crypto/random.h"
#include "crypto/workbench.h"
#include "device/spp_device.h"
#include "device/upss_device.h"
#include "device/usmp_device.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace gatehouse::bench {

class devices {
public:
    // Devices with the ids 02:00:00:00:00:00 and up, which come in when asked to.
    explicit devices(
        std::uint16_t port, crypto::aead_algorithm cipher = crypto::aead_algorithm::aes_256_gcm
    );

    // From now on devices of protocol spp come in, all with one key. Each says an empty record.
    void speak_spp();

    // The same of array-crypto: each sends one empty message of v1. They do nothing else.
    void speak_array_crypto() { speaks_http_ = true; }

    // The same of upss: each sends one empty message, and is not answered.
    void speak_upss() { speaks_upss_ = true; }

    // Lets this many more in, one after the other.
    void enter(std::size_t count);
    // Hangs all of them up.
    void leave();
    std::size_t count() const noexcept { return lines_.size(); }

    // One message of each device and its echo: all are sealed, then sent, then received.
    void echo(bytes message);
    // One PING of each device and its PONG.
    void ping();

private:
    struct line {
        descriptor socket;
        std::unique_ptr<device::stream_device> machine;
        output out;
        std::vector<std::uint8_t> received;
        std::size_t kept = 0;
    };

    std::unique_ptr<device::stream_device> make_machine();
    void handshake(line& one);
    void post(line& one);
    void send(line& one);
    // One read's worth of frames; `out.up` points into the line's memory afterwards.
    void receive(line& one);
    void receive_echo(line& one, std::size_t size);

    std::uint16_t port_;
    crypto::aead_algorithm cipher_;
    crypto::workbench crypto_;
    crypto::system_random random_;
    block_pool blocks_{64};
    device::usmp_environment env_{crypto_, random_, blocks_};
    device::spp_environment spp_env_{crypto_, random_};
    std::optional<crypto::ed25519_private> spp_key_;  // then the protocol is spp
    crypto::ed25519_public spp_public_{};
    crypto::ed25519_public spp_gateway_{};
    upss::package_reader packages_{4096};
    device::upss_environment upss_env_{crypto_, random_, packages_};
    bool speaks_upss_ = false;
    bool speaks_http_ = false;
    std::deque<line> lines_;
};

}  // namespace gatehouse::bench
