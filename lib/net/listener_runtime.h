// What the connections of one listener on one worker share. It lives until the last of them is
// gone, even when a reload removes the listener.
#pragma once

#include "config/model.h"
#include "gateway/admission.h"
#include "gateway/device_rates.h"
#include "gateway/handshake_gate.h"
#include "gateway/snapshot_change.h"
#include "identity/key_standing.h"
#include "metrics/cells.h"
#include "net/backend_link.h"
#include "net/descriptor_budget.h"
#include "net/listener_proofs.h"
#include "net/protocol_host.h"
#include "net/unproven_queue.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace gatehouse {

struct shared_snapshot;
class stream_connection;

// On its worker's thread.
class listener_runtime {
public:
    struct environment {
        backend_link& link;
        protocol_tools tools;
        std::uint8_t worker = 0;
    };

    // The listener at `slot` of `snapshot`.
    listener_runtime(shared_snapshot const& snapshot, std::size_t slot, environment const& around);
    listener_runtime(listener_runtime const&) = delete;
    listener_runtime& operator=(listener_runtime const&) = delete;
    ~listener_runtime() = default;

    // Can a reload concern its sessions at all?
    bool is_concerned(snapshot_change const& by) const;

    // What has become of a session's key by a reload.
    identity::key_standing standing_of(session_facts const& facts, snapshot_change const& by) const;

    // The window of a live session's key, which the wall clock may have left; nothing when the key
    // is gone.
    std::optional<identity::key_window> window_after_step(session_facts const& facts) const;

    // Whoever wants a handshake, for its share of the rate; for the time of the question.
    admission::asker asker_at(peer_address const& peer, identity::device_id const& device) const;

    // The rules for one more handshake beside those that are `open` here.
    handshake_gate gate_beside(unproven_order const& open) const;
    // How many sessions one device may have here; 0: any number. Requests are no sessions.
    std::uint32_t sessions_of_a_device() const noexcept
    {
        return serves_requests ? 0 : config.limits.sessions_per_device;
    }

    // Counts who had to make way with half a frame or message.
    void count_made_way()
    {
        if (auto const count = blocks.parts().take_made_way())
            cells.parts_dropped.add(count);
    }

    // A reload changed what may change while the listener lives.
    void install(shared_snapshot const& snapshot, std::uint8_t worker);

    std::size_t const index;  // its slot
    config::listener config;
    std::shared_ptr<identity::keyring const> keyring;
    std::shared_ptr<admission> const admitted;
    std::shared_ptr<device_rates> const rates;
    backend_link& link;
    block_pool blocks;  // for what is kept of its devices' frames and messages
    std::unique_ptr<protocol_host> const host;
    std::shared_ptr<metrics::listener_cells> const counted;
    metrics::listener_cells& cells{*counted};
    metrics::shared_list<metrics::cell> credential_sessions;  // by key index
    listener_proofs proofs;
    std::shared_ptr<descriptor_budget> const descriptors;
    unproven_queue<stream_connection> half_open;    // no whole hello yet
    unproven_queue<stream_connection> handshaking;  // between hello and proof
    std::size_t most_half_open;                     // of this worker
    std::size_t credentials;                        // the slot of its set
    std::size_t workers;                            // that share the listener
    std::size_t references = 0;                     // connections that refer to it
    bool retired = false;                           // a reload has removed it
    bool const serves_requests;                     // single ones, instead of sessions
};

}  // namespace gatehouse
