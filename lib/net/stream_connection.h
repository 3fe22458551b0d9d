// One device's TCP connection, from accept to close: moves bytes between the socket and its
// session, messages between the session and its backend link.
//
// Owned by its worker, on its worker's thread. While it is open exactly one read-side wait is
// outstanding, and `socket.cancel()` means "look again"; once it is closed and no wait is left, its
// worker destroys it. Callbacks instead of a coroutine: 0.7 kB a session (docs/decisions/0002).
#pragma once

#include "base/address.h"
#include "base/half_frame.h"
#include "gateway/session_table.h"
#include "gateway/timer_wheel.h"
#include "net/listener_runtime.h"
#include "net/paused_queue.h"
#include "net/session_registration.h"
#include "net/session_report.h"
#include "net/socket_writer.h"
#include "net/task.h"
#include "protocol/session.h"

#include <boost/intrusive/list.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace gatehouse {

class worker;

struct connections_tag;
using connections_hook = boost::intrusive::list_base_hook<
    boost::intrusive::tag<connections_tag>,
    boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

class stream_connection final : public live_session,
                                public timed,
                                public pausable,
                                public connections_hook,
                                private socket_writer::watcher {
public:
    stream_connection(
        worker& owner, listener_runtime& listener, tcp_socket socket, peer_address const& peer
    );
    ~stream_connection() override;
    stream_connection(stream_connection const&) = delete;
    stream_connection& operator=(stream_connection const&) = delete;

    // Begins to wait for the device; to be called once.
    void start() { wait(); }

    // live_session
    result<> deliver(bytes message) override;
    result<> deliver_last(bytes message, std::string_view status) override;
    void end(end_reason reason) override;
    void yield_to(device_claim& claim) override;
    bool slot_cleared(device_claim const& claim) override;
    std::size_t backend() const override;
    session_row look() const override;
    void wake() override;
    void review(snapshot_change const& change) override;
    void clock_stepped() override;

    // Ends whatever it is, at once and without a word. True when that cut off what the device had
    // sent already.
    bool abort();

    // Others need its room while it has proven nothing: it ends without a word.
    void evict(error why);

    // For the worker: is it between accept and proof, on this listener?
    bool is_unproven_at(listener_runtime const& listener) const noexcept
    {
        return &listener_ == &listener && phase_ <= phase::claiming;
    }

    // For the worker: downlink messages that were put together go out.
    void send_wire(bytes data);

private:
    enum class phase : std::uint8_t {
        greeting,   // no whole hello yet, and none of ours: no session object
        handshake,  // hello admitted, or the device was greeted: not proven
        claiming,   // authenticated, but there is room only in the place of its own older session
        live,       // authenticated
        leaving,    // the gateway said goodbye; takes what the device had sent before it heard
        closed,
    };

    // Waiting.
    bool open() const noexcept { return phase_ != phase::closed; }
    void wait();
    void look_again(boost::system::error_code failure);
    void writer_stopped() override { done_if_unused(); }
    void done_if_unused();
    void resume() override;
    bool must_wait_for_backend() const noexcept;
    void pause();
    void pause_until(time_point when);
    time_point look_at_rate(time_point now);
    bool is_urgent_data_only();
    bool has_unread();

    // From the device.
    template <class Send>
    result<> deliver_with(std::size_t size, Send const& send);
    void read();
    void take_kept();
    bool is_bounded() const noexcept;
    void read_in_bounds();
    device_rates::allowance allowance();
    std::size_t take(mutable_bytes data, device_rates::allowance const& most = {});
    bool meet(bytes data);
    result<> ask_admission(handshake_gate::newcomer what, identity::device_id const& device);
    void begin_handshake(std::unique_ptr<session> opened);
    void promote();
    void claim_slot();
    void begin_session();
    void read_last();
    void hand_over();
    void hang_up_after_the_last();
    void keep(bytes rest, unfinished::part what);
    void give_up_half();
    void on_eof();

    // Time.
    time_point on_due(time_point now) override;
    time_point on_session_due(time_point now);
    time_point hello_deadline() const;
    time_point on_silence(time_point now);
    time_point greet();
    time_point on_goodbye_due(time_point now);

    // Ends.
    session_report report() const { return {listener_, peer_}; }
    session_registration::session_context session_context() { return {owner_, listener_, peer_}; }
    void refuse(session_report::refusal const& what);
    template <class Advise>
    void refuse(session_report::refusal const& what, Advise const& advise);
    void fail(error why);
    void leave(end_reason reason);
    void finish(end_reason reason, std::optional<error> why = {});
    void retire(end_reason reason, std::optional<error> why = {});
    void leave_queue();
    void close();

    worker& owner_;
    listener_runtime& listener_;
    tcp_socket socket_;
    socket_writer writer_;
    peer_address peer_;
    unproven_order::slot slot_ = 0;  // in the listener's queue for its phase
    phase phase_ = phase::greeting;
    end_reason leaving_for_ = end_reason::eof;
    bool waits_readable_ : 1 = false;
    bool paused_ : 1 = false;       // nothing is read now
    bool awaits_rate_ : 1 = false;  // because the device has said as much as it may
    bool peer_gone_ : 1 = false;    // the peer hung up while nothing was read
    bool parked_ : 1 = false;       // then there is nothing to wait for but `resume`
    std::unique_ptr<session> session_;
    half_frame partial_;
    session_registration registration_;
    time_point since_;  // accepted, then: hello complete or sent, then: goodbye said
};

}  // namespace gatehouse
