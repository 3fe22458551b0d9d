// One worker's socket of a datagram listener: reads datagrams in batches, gives each to whom it is
// for, opens sessions, sends in batches.
//
// On its worker's thread.
#pragma once

#include "base/chunk_pool.h"
#include "gateway/arrived_datagram.h"
#include "metrics/labels.h"
#include "net/address_index.h"
#include "net/bound_sockets.h"
#include "net/datagram_batch.h"
#include "net/datagram_connection.h"
#include "net/datagram_socket.h"
#include "net/deferred_delete.h"
#include "net/handover_batch.h"
#include "net/listener_runtime.h"
#include "net/local_addresses.h"
#include "net/request_endpoint.h"
#include "net/task.h"
#include "net/unproven_queue.h"
#include "protocol/datagram_door.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace gatehouse {

class worker;

class datagram_endpoint {
public:
    // Handshakes at one address and port; of one device there, which needs no more at once.
    static constexpr std::size_t most_at_an_address = 16;
    static constexpr std::size_t most_of_a_device = 2;

    datagram_endpoint(worker& owner, listener_runtime& listener, socket_use socket);
    ~datagram_endpoint();
    datagram_endpoint(datagram_endpoint const&) = delete;
    datagram_endpoint& operator=(datagram_endpoint const&) = delete;

    void start();

    // No new sessions; the existing ones go on.
    void refuse_hellos();

    // Another port reads from the same socket from now on; this one still sends.
    void stop_reading();

    // The listener at `slot` has this one's address, or an address that covers it or is covered by
    // it (config/address_overlap.h): its port hears this one's sessions too. If it covers all of
    // the address, what still arrives here is that port's.
    enum class inheritance : std::uint8_t { part, whole };
    void add_successor(std::size_t slot, inheritance of);
    // Is what the listener at `slot` hears for the sessions of this endpoint too?
    bool hears(std::size_t slot) const noexcept;

    // Handshakes and the socket end; the sessions must be gone.
    void stop();
    // After `stop`: does nothing refer to it any more?
    bool ended() const noexcept
    {
        return closed_ && !waiting_ && !flush_posted_ && !closed_ones_.is_posted() &&
               !(requests_ && requests_->graves_posted());
    }

    // For its connections.
    worker& owner() noexcept { return owner_; }
    listener_runtime& listener() noexcept { return listener_; }
    unproven_queue<datagram_connection>& handshakes() noexcept { return handshakes_; }
    datagram_door& door() noexcept { return door_; }
    bool refuses_hellos() const noexcept { return refusing_; }
    socket_use const& socket() const noexcept { return use_; }
    local_addresses& locals() noexcept { return locals_; }
    address_index& index() noexcept { return index_; }
    void send(bytes datagram, peer_address const& to, local_address const& from);
    void count_drop(metrics::datagram_drop why);
    void count_drops(metrics::datagram_drop why, std::size_t count);
    // A session of this worker has its device at an address, which may be another worker's to look
    // after; and has it there no longer.
    void learn_address(peer_address const& of);
    void forget_address(peer_address const& of);
    void delete_later(datagram_connection& closed);
    void keep_reserve();  // a connection is proven and stays

    // From other workers' ports, on this worker's thread.
    void take_batch(handover_batch& batch);
    void batch_is_back(std::uint8_t from, std::unique_ptr<handover_batch> batch);
    void note_address(peer_address const& of, std::uint8_t worker);
    void drop_note(peer_address const& of, std::uint8_t worker);
    void free_capacity(error why, peer_address const& for_whom);

private:
    void wait();
    void on_readable();
    void read_what_is_left();
    bool read_batch(datagram_endpoint& taker);
    datagram_endpoint& taker();
    void end_turn();
    void take(arrived_datagram const& arrived);
    void take_named(arrived_datagram const& arrived, session_id session);
    bool offer(arrived_datagram const& arrived);
    bool follow_notes(arrived_datagram const& arrived);
    void take_hello(arrived_datagram const& arrived, datagram_look const& look);
    void refuse(arrived_datagram const& arrived, datagram_look const& look);
    std::uint8_t worker_for(arrived_datagram const& arrived, datagram_look const& look) const;
    void take_request(arrived_datagram const& arrived);
    void open(arrived_datagram const& hello, datagram_look const& look);
    result<> ask_admission(arrived_datagram const& hello, datagram_look const& look);
    std::optional<unproven_order::slot> surplus_at(
        peer_address const& peer, identity::device_id const& device
    ) const;
    void ask_others_for_capacity(error why, peer_address const& for_whom);
    void hand_over(arrived_datagram const& arrived, std::uint8_t to);
    void dispatch(std::uint8_t to);
    void wants_flush();
    void flush();

    // What is on its way to one other worker.
    struct outgoing {
        std::unique_ptr<handover_batch> filling;
        std::vector<std::unique_ptr<handover_batch>> spare;
        std::size_t under_way = 0;
    };
    // Sessions of another worker whose devices moved to an address of ours.
    struct note {
        std::uint8_t worker = 0;
        std::uint32_t sessions = 0;
    };
    using notes = std::vector<note>;

    // Keeps the metric that says whether cookies are asked for true while nothing arrives.
    class cookie_watch final : public timed {
    public:
        explicit cookie_watch(datagram_endpoint& endpoint) : endpoint_{endpoint} {}
        void look();

    private:
        static constexpr std::chrono::seconds interval{1};
        time_point on_due(time_point now) override;
        datagram_endpoint& endpoint_;
    };

    worker& owner_;
    listener_runtime& listener_;
    datagram_door& door_;
    socket_use use_;
    udp_socket socket_;  // on the socket of `use_`, which it does not own; closed unless it reads
    std::vector<std::size_t> successors_;       // slots of listeners
    std::optional<std::size_t> heir_;           // the one that covers all of the address
    std::optional<request_endpoint> requests_;  // if that is what the protocol has
    datagram_reader reader_;
    datagram_batch batch_;
    chunk_pool connections_;
    unproven_queue<datagram_connection> handshakes_;  // that are not proven yet
    local_addresses locals_;
    address_index index_;
    boost::unordered_flat_map<peer_address, notes> notes_;
    std::vector<outgoing> outgoing_;
    deferred_delete<datagram_connection> closed_ones_;
    cookie_watch watch_{*this};
    time_point asked_for_capacity_{};
    bool refusing_ = false;
    bool flush_posted_ = false;
    bool closed_ = false;
    bool waiting_ = false;  // for the socket
};

}  // namespace gatehouse
