// One listener's protocol on one worker: its door, and what the sessions behind it share. The one
// place of this room where protocols differ; each has its own file (net/usmp_host.h).
#pragma once

#include "base/block_pool.h"
#include "base/error.h"
#include "base/time.h"
#include "config/model.h"
#include "crypto/random.h"
#include "crypto/workbench.h"
#include "crypto/x25519_key_pool.h"
#include "identity/keyring.h"
#include "net/steering.h"
#include "protocol/datagram_door.h"
#include "protocol/device_allowance.h"
#include "protocol/session.h"
#include "protocol/session_id_issuer.h"
#include "protocol/stream_door.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

struct lasting_memory;
class request_memory;
struct credential_place;

namespace usmp {
class legacy_hints;
}

// The worker's own tools that protocols draw on.
struct protocol_tools {
    crypto::workbench& crypto;
    crypto::random_source& random;
    crypto::x25519_key_pool& ephemeral_keys;
    session_id_issuer& ids;
    usmp::legacy_hints& hints;
    std::size_t credentials;  // the place of the listener's set
    request_memory& requests;
    lasting_memory& memory;
    block_pool* blocks = nullptr;  // the listener's
};

// Outlives the sessions of its listener on its worker; on that worker's thread.
class protocol_host {
public:
    virtual ~protocol_host() = default;
    protocol_host(protocol_host const&) = delete;
    protocol_host& operator=(protocol_host const&) = delete;

    // The one that fits the listener's transport; the other must not be asked for.
    virtual stream_door& streams() noexcept = 0;
    virtual datagram_door& datagrams() noexcept = 0;

    virtual std::string_view protocol() const noexcept = 0;

    // A reload: for handshakes and sessions from now on. The keyring before may be let go.
    virtual void configure(config::listener const& listener, credential_place const& keys) = 0;

    // Who may say how much, for protocols that ask; outlives the host.
    virtual void set_allowance(device_allowance const&) noexcept {}

    // To be called before sessions judge keys: what time it is for validity windows.
    virtual void set_wall_time(wall_time now) noexcept = 0;

    // How long a request waits for its reply, in protocols of single requests.
    virtual duration reply_timeout() const noexcept { return {}; }

    // For the log: what would have to be configured for a device that is refused for `why`; empty
    // when nothing would help. Before a session exists, from the connection's first bytes.
    virtual std::string advice(error why, bytes first) const = 0;
    virtual std::string advice(error why, session_facts const& facts) const = 0;

protected:
    protocol_host() = default;
};

// The host of the listener's protocol. `workers`: how many share the listener.
std::unique_ptr<protocol_host> make_protocol_host(
    config::listener const& listener,
    credential_place const& keys,
    protocol_tools tools,
    std::size_t workers
);

// What is known of a listener's protocol without a host.

struct unsafe_generation {
    std::string name;         // as the settings name it
    std::string_view danger;  // for a log line; static storage
};

// Those that the listener's settings admit.
std::vector<unsafe_generation> unsafe_generations(config::listener const& listener);

// How datagrams of the listener's protocol find their worker.
steering_rule steering_of(config::listener const& listener);

// No session of the listener can take a larger message.
std::size_t largest_message(config::listener const& listener) noexcept;

}  // namespace gatehouse
