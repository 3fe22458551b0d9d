// Binds listeners: one socket a worker, on the same port.
//
// Main thread; the sockets belong to the workers' event loops from the beginning.
#pragma once

#include "config/model.h"
#include "net/datagram_socket.h"
#include "net/task.h"
#include "net/worker.h"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse {

struct listener_sockets {
    std::vector<tcp_acceptor> streams;  // by worker; one of the two is empty
    std::vector<udp_socket> datagrams;
    std::string address;       // as bound
    socket_buffers granted{};  // datagrams only
    int steering = 0;          // errno of a kernel that does not steer datagrams
};

// Is the port to be asked for alone first? With SO_REUSEPORT a second daemon of the same user would
// share it without a word, and take half of the fleet. Not where this daemon has it already.
enum class port_owner : std::uint8_t { nobody, this_daemon };

// Nothing when the listener cannot be bound, which is then logged; `why` is for people.
std::optional<listener_sockets> bind_listener(
    config::listener const& listener,
    std::deque<std::unique_ptr<worker>> const& workers,
    port_owner present,
    std::string& why
);

// Logs what became of it.
void report_listening(config::listener const& listener, listener_sockets const& bound);

// For whatever else is bound.
void log_cannot_bind(
    std::string const& what, config::endpoint const& at, boost::system::error_code why
);

}  // namespace gatehouse
