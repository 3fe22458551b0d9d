// A real worker with one listener on loopback, on a thread of its own.
#pragma once

#include "bench/support/cost.h"
#include "config/model.h"
#include "crypto/ed25519.h"
#include "identity/keyring.h"
#include "metrics/cells.h"
#include "protocol/usmp/options.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace gatehouse::bench {

// Every device has this key.
inline constexpr std::string_view device_psk = "the one key of all bench devices";

// The keys of protocol spp; all devices have the same one there, too.
crypto::ed25519_private spp_device_key();
crypto::ed25519_private spp_gateway_key();

struct gateway_setup {
    std::string backend_socket;
    config::record_format format = config::record_format::ndjson;
    std::string_view protocol = "usmp";
    bool chacha20_poly1305 = false;
    config::transport transport = config::transport::tcp;
    usmp::cookie_policy cookies = usmp::cookie_policy::automatic;
};

// The seeds of protocol array-crypto: few devices with the prefixes "/0" and up, none of which may
// say so much that all could be one.
inline constexpr std::size_t array_crypto_devices = 8;
std::uint64_t array_crypto_seed(std::size_t device);

std::shared_ptr<identity::keyring const> make_keyring(std::string_view protocol);

class gateway {
public:
    // `on_thread` runs on the worker's thread before anything else.
    explicit gateway(gateway_setup const& setup, std::function<void()> on_thread = {});
    ~gateway();
    gateway(gateway const&) = delete;
    gateway& operator=(gateway const&) = delete;

    std::uint16_t port() const noexcept;
    metrics::worker_cells const& cells() const noexcept;
    thread_clock const& clock() const noexcept;

    metrics::listener_cells const& listener() const noexcept { return cells().listeners.front(); }

    // Waits until the worker has this many sessions, and its backend everything.
    void wait_for_sessions(std::uint64_t count) const;

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace gatehouse::bench
