// One request of a datagram listener whose protocol has no sessions: from its packet to the one
// reply, which the backend gives or does not.
//
// Owned by its endpoint, on its worker's thread. Once it is over the endpoint destroys it in a
// later turn of the event loop.
#pragma once

#include "base/address.h"
#include "gateway/arrived_datagram.h"
#include "gateway/session_table.h"
#include "gateway/timer_wheel.h"
#include "net/local_addresses.h"
#include "net/session_registration.h"
#include "protocol/datagram_session.h"

#include <memory>
#include <optional>
#include <vector>

namespace gatehouse {

class datagram_endpoint;
class request_endpoint;

class datagram_request final : public live_session, public timed {
public:
    // `session` has taken the packet, and admission has a session for it.
    datagram_request(
        request_endpoint& requests, arrived_datagram const& packet, datagram_session_ptr session
    );
    ~datagram_request() override;
    datagram_request(datagram_request const&) = delete;
    datagram_request& operator=(datagram_request const&) = delete;

    // Tells everybody, and passes its message on.
    void begin(output& out);

    // live_session
    result<> deliver(bytes message) override;
    // A drain waits for the reply.
    void end(end_reason reason) override;
    void cut() override;
    std::size_t backend() const override;
    session_row look() const override;
    void wake() override;
    void review(snapshot_change const& change) override;
    void clock_stepped() override;

private:
    time_point on_due(time_point now) override;
    session_registration::session_context session_context();
    void finish(end_reason reason, std::optional<error> why = {});

    request_endpoint& requests_;
    datagram_endpoint& endpoint_;
    datagram_session_ptr session_;
    session_registration registration_;
    peer_address peer_;
    local_addresses::number local_;
};

}  // namespace gatehouse
