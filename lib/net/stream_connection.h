// One device's TCP connection, from accept to close: moves bytes between the socket and its
// session, messages between the session and its backend link.
//
// Lives in the frame of its coroutine (serve_connection), on its worker's thread. At most one
// read-side wait is outstanding; `socket.cancel()` means "look again".
#pragma once

#include "base/address.h"
#include "base/block_pool.h"
#include "gateway/session_table.h"
#include "gateway/timer_wheel.h"
#include "net/half_open_queue.h"
#include "net/listener_runtime.h"
#include "net/paused_queue.h"
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
                                public half_open_connection,
                                public connections_hook {
public:
    stream_connection(
        worker& owner, listener_runtime& listener, tcp_socket socket, peer_address const& peer
    );
    ~stream_connection() override;

    // live_session
    result<> deliver(bytes message) override;
    void end(end_reason reason) override;
    std::size_t backend() const override;

    // Ends whatever it is, at once and without a word.
    void abort();

    // For the worker: downlink messages that were put together go out.
    void send_wire(bytes data);

private:
    friend task serve_connection(
        worker& owner, listener_runtime& listener, tcp_socket socket, peer_address peer
    );

    enum class phase : std::uint8_t {
        greeting,   // no whole hello yet, no session object
        handshake,  // hello admitted, not proven
        live,       // authenticated
        leaving,    // the gateway said goodbye; takes what the device had sent before it heard
        closed,
    };

    // Steps of the coroutine.
    bool open() const noexcept { return phase_ != phase::closed; }
    tcp_socket::wait_type next_wait() const noexcept;
    void look_again(boost::system::error_code failure);

    time_point on_due(time_point now) override;
    void resume() override;
    void evict() override;

    void read();
    void take(mutable_bytes data);
    bool greet(bytes data);
    result<> ask_admission();
    void leave_queue();
    bool promote();
    void hand_over();
    void keep(bytes rest);
    void on_eof();
    bool has_unread();

    session_report report() const { return {listener_, peer_}; }
    void refuse(session_report::refusal const& what);
    void fail(error why);
    void leave(end_reason reason);
    void finish(end_reason reason, std::optional<error> why = {});
    void retire(end_reason reason, std::optional<error> why = {});
    void close();

    worker& owner_;
    listener_runtime& listener_;
    tcp_socket socket_;
    socket_writer writer_;
    peer_address peer_;
    phase phase_ = phase::greeting;
    end_reason leaving_for_ = end_reason::eof;
    bool paused_ = false;
    bool registered_ = false;  // in the tables of its worker, with an open record out
    bool peer_gone_ = false;   // paused, and the peer has hung up meanwhile
    std::unique_ptr<session> session_;
    block partial_;  // an incomplete frame
    std::uint64_t messages_up_ = 0;
    time_point since_;  // accepted, then: hello complete, then: goodbye said
};

task serve_connection(
    worker& owner, listener_runtime& listener, tcp_socket socket, peer_address peer
);

}  // namespace gatehouse
