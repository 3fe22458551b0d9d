// The door of a USMP listener over UDP (docs/protocols/usmp.md, "UDP" and "HELLO_RETRY").
#pragma once

#include "base/chunk_pool.h"
#include "base/pooled.h"
#include "protocol/datagram_door.h"
#include "protocol/usmp/cookie.h"
#include "protocol/usmp/cookie_demand.h"
#include "protocol/usmp/datagram_environment.h"

#include <cstddef>

namespace gatehouse::usmp {

// The first half of a session id travels in each frame of all generations that know UDP: here.
inline constexpr std::size_t wire_id_offset = 16;

// How many handshakes a listener may have open, and how many workers share them.
struct handshake_capacity {
    std::size_t most = 0;
    std::size_t workers = 1;
};

class datagram_door final : public gatehouse::datagram_door {
public:
    // `common` outlives the door. Memory for all handshakes is taken at once.
    datagram_door(environment& common, cookie_policy policy, handshake_capacity capacity);

    datagram_look look(bytes datagram) const override;
    welcome meet(time_point now, peer_address const& from, bytes hello, output& out) override;
    datagram_session_ptr open(time_point deadline) override;
    void set_backend_capacity(bool has_capacity) override
    {
        shared_.backend_has_capacity = has_capacity;
    }
    bool asks_for_proof(time_point now) override;
    void set_cookie_policy(cookie_policy policy) noexcept { demand_.set_policy(policy); }

private:
    datagram_look look_at_hello(std::uint8_t version, bytes payload) const;

    chunk_pool memory_;
    object_pool<outbox> outboxes_;
    datagram_environment shared_;
    cookie_jar cookies_;
    cookie_demand demand_;
};

}  // namespace gatehouse::usmp
