// The gateway's side of many datagram devices, as its net room does it: a door, sessions found by
// name or by address, a backend that takes messages over after a while and sends some, and the end
// of everything now and then.
#pragma once

#include "protocol/usmp/datagram_door.h"
#include "simulation/datagram_path.h"
#include "simulation/message_ledger.h"
#include "support/usmp_fixture.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <vector>

namespace gatehouse::test {

struct gateway_behaviour {
    usmp::cookie_policy cookies = usmp::cookie_policy::never;
    duration longest_take_over = std::chrono::milliseconds{300};
    bool answers = false;            // the backend sends a message for each that it gets
    bool devices_open_first = true;  // before they acknowledge: an acknowledged message arrived
};

class datagram_gateway {
public:
    // Messages of device number n go to `uplink[n]`.
    datagram_gateway(
        usmp_world_setup setup,
        gateway_behaviour const& behaviour,
        datagram_path& path,
        std::vector<message_ledger>& uplink,
        std::uint64_t seed
    );
    ~datagram_gateway();

    static peer_address address();

    void receive(time_point now, peer_address const& from, bytes datagram);

    // When something is due.
    time_point next() const;
    void on_due(time_point now);

    // The backend.
    void set_capacity(bool has_capacity) { door_->set_backend_capacity(has_capacity); }
    void send_to_somebody(time_point now, std::size_t size);
    // To the session of this device, if it has one.
    void send_to(time_point now, identity::device_id const& device, std::size_t size);
    // A device heard a message of the backend, in its conversation `where`.
    void heard(bytes message, std::uint64_t where);

    // Everything is forgotten; nobody is told.
    void restart();
    // All sessions end; who was not told is told.
    void close(time_point now);

    std::size_t live() const;

    struct tally {
        std::size_t sessions = 0;
        std::size_t moves = 0;
        std::size_t undelivered = 0;
        std::size_t retransmitted = 0;
        std::size_t broken = 0;  // by a device that broke the rules
        std::size_t refused = 0;
        std::size_t rekeys = 0;  // frames of the gateway's own
    };
    tally const& counted() const { return tally_; }
    std::vector<message_ledger> const& downlink() const { return downlink_; }

private:
    struct connection;
    struct take_over {
        std::uint64_t serial = 0;
        byte_string text;
    };

    connection* find(session_id named);
    connection* find(std::uint64_t serial);
    bool offer(time_point now, peer_address const& from, bytes datagram);
    void meet(time_point now, peer_address const& from, bytes hello);
    bool give(time_point now, connection& to, peer_address const& from, bytes datagram);
    void promote(connection& one);
    void flush(time_point now, connection& of, peer_address const& to);
    void conclude(time_point now, connection& of);
    void leave(time_point now, connection& who);
    void finish(connection& who);
    void come_due(time_point now, connection& one);
    void lose_patience(time_point now, connection& with);
    void take_over_next(time_point now);
    void send(time_point now, connection& to, std::size_t size);
    void sweep();
    void open_doors();

    usmp_world_setup setup_;
    gateway_behaviour behaviour_;
    datagram_path& path_;
    std::vector<message_ledger>& uplink_;
    std::mt19937_64 random_;
    std::unique_ptr<usmp_world> world_;
    std::unique_ptr<usmp::datagram_door> door_;
    output out_;
    std::vector<std::unique_ptr<connection>> connections_;
    std::vector<message_ledger> downlink_;  // one a session, by its serial
    std::multimap<time_point, take_over> to_take_over_;
    tally tally_;
};

}  // namespace gatehouse::test
