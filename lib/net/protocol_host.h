// One listener's protocol on one worker: its door, and what the sessions behind it share.
#pragma once

#include "base/time.h"
#include "config/model.h"
#include "crypto/random.h"
#include "crypto/workbench.h"
#include "crypto/x25519_key_pool.h"
#include "identity/keyring.h"
#include "net/steering.h"
#include "protocol/session_id_issuer.h"
#include "protocol/stream_door.h"
#include "protocol/usmp/datagram_door.h"
#include "protocol/usmp/environment.h"
#include "protocol/usmp/stream_door.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

// The worker's own tools that protocols draw on.
struct protocol_tools {
    crypto::workbench& crypto;
    crypto::random_source& random;
    crypto::x25519_key_pool& ephemeral_keys;
    session_id_issuer& ids;
    usmp::legacy_hints& hints;
    block_pool& blocks;
};

// Can listeners speak it?
bool is_hosted(config::protocol which) noexcept;

// The unsafe generations that a listener's settings admit, as the settings name them.
std::vector<std::string> unsafe_generations(config::listener const& listener);

// Where datagrams of the listener's protocol name the worker of their session.
named_frame_rule named_frames(config::listener const& listener);

// Outlives the sessions of its listener on its worker.
class protocol_host {
public:
    protocol_host(
        config::listener const& listener,
        identity::keyring const& keyring,
        protocol_tools tools,
        std::size_t workers
    );

    ~protocol_host() = default;
    protocol_host(protocol_host const&) = delete;
    protocol_host& operator=(protocol_host const&) = delete;

    // The one that fits the listener's transport.
    gatehouse::stream_door& streams() noexcept { return streams_; }
    gatehouse::datagram_door& datagrams() noexcept { return *datagrams_; }
    std::string_view protocol() const noexcept { return "usmp"; }

    // A reload: for handshakes and sessions from now on. The keyring before may be let go.
    void configure(config::listener const& listener, identity::keyring const& keyring);

    // To be called before sessions judge keys: what time it is for validity windows.
    void set_wall_time(wall_time now) noexcept { environment_.wall_now = now; }

    // For the log: what would have to be configured for a device that is refused for `why`; empty
    // when nothing would help. Before a session exists, from the connection's first bytes.
    std::string advice(error why, bytes first) const;
    std::string advice(error why, session_facts const& facts) const;

private:
    usmp::environment environment_;
    usmp::stream_door streams_;
    std::optional<usmp::datagram_door> datagrams_;
};

}  // namespace gatehouse
