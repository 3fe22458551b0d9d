// The live sessions of one worker, by id.
#pragma once

#include "base/bytes.h"
#include "base/end_reason.h"
#include "base/result.h"
#include "base/session_id.h"
#include "crypto/random.h"
#include "gateway/arrived_datagram.h"
#include "gateway/device_claim.h"
#include "gateway/session_row.h"
#include "gateway/snapshot_change.h"
#include "protocol/session.h"
#include "protocol/session_id_issuer.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace gatehouse {

// A session together with what carries it, as the flows of the gateway see it.
class live_session : public session_carrier {
public:
    // A message of a backend for the device. Errors: limit_message_size, limit_downlink_backlog,
    // internal_closed.
    virtual result<> deliver(bytes message) = 0;

    // The last one, and the outcome that the backend names.
    virtual result<> deliver_last(bytes message, std::string_view status)
    {
        static_cast<void>(status);
        return deliver(message);
    }

    // Ends the session in the protocol's own way. The object may be gone afterwards.
    virtual void end(end_reason reason) = 0;

    // A datagram that names this session, or comes from its device's address. False when it is not
    // for this session.
    virtual bool take_datagram(arrived_datagram const&) { return false; }

    // Ends a datagram session at once and without a word.
    virtual void cut() {}

    // The backend has taken over one more message of those that were added with a receipt wanted.
    virtual void taken_over() {}

    // The device has a newer session: if this one stands in its place, it ends, and leaves it its
    // place in the ledgers if that is wanted.
    virtual void yield_to(device_claim&) {}

    // Whoever stood in this one's place was asked to make way. True when it took the place that was
    // left to it.
    virtual bool slot_cleared(device_claim const&) { return false; }

    // Which backend the session belongs to: others may not reach it.
    virtual std::size_t backend() const = 0;

    // What an operator may know of it.
    virtual session_row look() const = 0;

    // A reload: the session ends when its listener is gone, or the key that proved its device.
    virtual void review(snapshot_change const& change) = 0;

    // The wall clock was set: the end of its key's window is at another time now.
    virtual void clock_stepped() = 0;

protected:
    live_session() = default;
    ~live_session() = default;
    live_session(live_session const&) = default;
    live_session& operator=(live_session const&) = default;
};

class session_table final : public session_id_issuer {
public:
    session_table(std::uint8_t worker, std::uint16_t node, crypto::random_source& random)
        : worker_{worker}
        , node_{node}
        , random_{random}
    {
    }

    session_id issue() override;

    void add(session_id id, live_session& session) { sessions_.emplace(id, &session); }
    void remove(session_id id) { sessions_.erase(id); }
    live_session* find(session_id id) const;
    std::size_t size() const noexcept { return sessions_.size(); }
    std::vector<session_id> ids() const;

private:
    std::uint8_t worker_;
    std::uint16_t node_;
    crypto::random_source& random_;
    boost::unordered_flat_map<session_id, live_session*> sessions_;
};

}  // namespace gatehouse
