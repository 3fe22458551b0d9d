// One listener's protocol on one worker: its door, and what the sessions behind it share. Each
// protocol's module makes its own kind (net/protocol_module.h).
#pragma once

#include "base/block_pool.h"
#include "base/error.h"
#include "base/time.h"
#include "config/model.h"
#include "crypto/random.h"
#include "crypto/workbench.h"
#include "crypto/x25519_key_pool.h"
#include "identity/keyring.h"
#include "protocol/datagram_door.h"
#include "protocol/device_allowance.h"
#include "protocol/session.h"
#include "protocol/session_id_issuer.h"
#include "protocol/stream_door.h"

#include <cstddef>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>

namespace gatehouse {

struct credential_slot;
class recent_proofs;

// What a protocol keeps on one worker for all of its listeners there, on that worker's thread. Only
// its own hosts know what is in it.
class worker_state {
public:
    virtual ~worker_state() = default;
    worker_state(worker_state const&) = delete;
    worker_state& operator=(worker_state const&) = delete;

protected:
    worker_state() = default;
};

struct worker_tools {
    crypto::workbench& crypto;
    crypto::random_source& random;
};

// The thread of a worker.
class worker_thread {
public:
    // From any thread, until the modules are stopped: `work` runs there, if the worker still does.
    // A session that it is about may be gone by then.
    virtual void post(std::function<void()> work) = 0;

protected:
    ~worker_thread() = default;
};

// The worker's own tools that protocols draw on.
struct protocol_tools {
    crypto::workbench& crypto;
    crypto::random_source& random;
    crypto::x25519_key_pool& ephemeral_keys;
    session_id_issuer& ids;
    recent_proofs& proofs;
    worker_thread& thread;
    std::size_t credentials = 0;     // the slot of the listener's set
    worker_state* shared = nullptr;  // what the protocol's module made
    block_pool* blocks = nullptr;    // the listener's
};

// Outlives the sessions of its listener on its worker; on that worker's thread.
class protocol_host {
public:
    virtual ~protocol_host() = default;
    protocol_host(protocol_host const&) = delete;
    protocol_host& operator=(protocol_host const&) = delete;

    // The one that fits the listener's transport; the other must not be asked for, and a protocol
    // that is spoken over one transport only has no other.
    virtual stream_door& streams() noexcept { std::abort(); }
    virtual datagram_door& datagrams() noexcept { std::abort(); }

    // A reload: for handshakes and sessions from now on. The keyring before may be let go.
    virtual void configure(config::listener const& listener, credential_slot const& keys) = 0;

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

}  // namespace gatehouse
