// One device of a datagram listener, from its hello to its goodbye: moves datagrams between its
// port and its session, messages between the session and its backend link, and follows the device
// to new addresses.
//
// Owned by its port, on its worker's thread. Once it is closed its port destroys it in a later turn
// of the event loop.
#pragma once

#include "base/address.h"
#include "gateway/arrived_datagram.h"
#include "gateway/session_table.h"
#include "gateway/timer_wheel.h"
#include "gateway/unproven_order.h"
#include "net/local_addresses.h"
#include "net/session_registration.h"
#include "net/session_report.h"
#include "protocol/datagram_session.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace gatehouse {

class datagram_endpoint;

class datagram_connection final : public live_session, public timed {
public:
    datagram_connection(
        datagram_endpoint& endpoint, arrived_datagram const& hello, datagram_session_ptr session
    );
    ~datagram_connection() override;
    datagram_connection(datagram_connection const&) = delete;
    datagram_connection& operator=(datagram_connection const&) = delete;

    // live_session
    result<> deliver(bytes message) override;
    void end(end_reason reason) override;
    bool take_datagram(arrived_datagram const& arrived) override;
    void taken_over() override;
    void yield_to(device_claim& claim) override;
    bool slot_cleared(device_claim const& claim) override;
    std::size_t backend() const override;
    session_row look() const override;
    void wake() override;
    void review(snapshot_change const& change) override;
    void clock_stepped() override;
    void cut() override;

    // A datagram from its device's address that names no session: was it for this one? An error is
    // a wrong proof, which may be another handshake's right one.
    result<bool> offer(arrived_datagram const& arrived);
    // Of those that it was offered to it came closest here.
    void refused(error why);

    // Others need this one's room: a handshake ends without a word.
    void evict(error why);

    peer_address const& peer() const noexcept { return peer_; }
    bool in_handshake() const noexcept { return phase_ == phase::handshake; }
    // While it is in one: its slot in the endpoint's list.
    unproven_order::slot handshake() const noexcept { return handshake_; }
    identity::device_id device() const { return session_->facts().device; }
    bool closed() const noexcept { return phase_ == phase::closed; }

private:
    friend class address_index;
    enum class phase : std::uint8_t {
        handshake,  // hello admitted, not proven
        claiming,   // authenticated, but there is room only in the place of its own older session
        live,
        leaving,    // the gateway said goodbye, and repeats it for a moment
        lingering,  // the device said goodbye: kept to acknowledge it again
        closed,
    };

    // Where the newest frame came from.
    struct path {
        peer_address peer;
        local_address at;
    };

    session_report report() const;
    session_registration::session_context session_context();
    void look_for_capacity();
    void conclude(result<std::size_t> const& taken);
    bool promote();
    void begin_session();
    void claim_slot(device_claim::need wanted);
    void follow(arrived_datagram const& to);
    void move_to(path to);
    void hand_over(output& out);
    void send(output& out, peer_address const& to, local_address const& from);
    void settle();
    time_point deadline() const;
    enum class index_state : std::uint8_t { out, in };
    void set_indexed(index_state wanted);

    time_point on_due(time_point now) override;
    time_point on_limit(error why);
    void leave(end_reason reason);
    void say_last_goodbye();
    void finish(end_reason reason, std::optional<error> why = {});
    void retire(end_reason reason, std::optional<error> why = {});
    void close();

    datagram_endpoint& endpoint_;
    datagram_session_ptr session_;
    datagram_connection* next_at_address_ = nullptr;  // the index's chain
    std::unique_ptr<path> pending_move_;              // while the session may not move there yet
    time_point since_;  // hello arrived, then: last move, then: goodbye
    session_registration registration_;
    peer_address peer_;
    local_addresses::number local_;
    unproven_order::slot handshake_ = 0;  // in the endpoint's list, until it is proven
    phase phase_ = phase::handshake;
    end_reason leaving_for_ = end_reason::eof;
    index_state indexed_ = index_state::out;
    bool refusal_counted_ = false;
    bool moved_ : 1 = false;
    bool is_over_rate_ : 1 = false;  // its newest datagram came when the device had said enough
};

}  // namespace gatehouse
