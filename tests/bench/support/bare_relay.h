// What is left of the gateway when only its system calls remain: the same descriptors, the same
// calls in the same order with as many bytes, and nothing in between. The yardstick of the costs.
#pragma once

#include "base/bytes.h"
#include "bench/support/cost.h"
#include "bench/support/descriptor.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <thread>
#include <vector>

namespace gatehouse::bench {

// Does the relay make the calls of the gateway's event loop that a loop of its own would not need?
enum class call_style : std::uint8_t {
    as_the_gateway,  // asks again for each descriptor, and looks for events before it writes
    fewest,
};

// The bytes that go over the relay's sockets. The backend answers each `record` with `reply_size`
// bytes.
struct relayed_bytes {
    std::size_t frame_size = 0;
    std::vector<std::uint8_t> record;
    std::size_t reply_size = 0;
};

// A thread that relays between any number of TCP connections and one Unix socket.
class bare_relay {
public:
    bare_relay(std::string const& backend_socket, relayed_bytes sizes, call_style style);
    ~bare_relay();
    bare_relay(bare_relay const&) = delete;
    bare_relay& operator=(bare_relay const&) = delete;

    std::uint16_t port() const noexcept { return port_; }
    thread_clock const& clock() const noexcept { return clock_; }

private:
    void run();
    void watch(int socket) const;
    void watch_again(int socket) const;
    void take_connection();
    void take_frames(int socket);
    void take_replies();
    void flush();

    relayed_bytes sizes_;
    call_style style_;
    std::uint16_t port_ = 0;
    descriptor listening_;
    descriptor backend_;
    descriptor epoll_;
    std::vector<std::uint8_t> read_buffer_;
    std::vector<std::uint8_t> pending_;
    std::size_t reply_bytes_ = 0;
    std::deque<int> askers_;  // whose replies are to come, in order
    std::deque<descriptor> connections_;
    std::atomic<bool> stopping_{false};
    thread_clock clock_;
    std::thread thread_;
};

// A thread that answers the gateway's part of handshakes with empty bytes: accepts, answers two
// reads, writes an open and a close record, closes.
class bare_doorman {
public:
    explicit bare_doorman(std::string const& backend_socket);
    ~bare_doorman();
    bare_doorman(bare_doorman const&) = delete;
    bare_doorman& operator=(bare_doorman const&) = delete;

    std::uint16_t port() const noexcept { return port_; }
    thread_clock const& clock() const noexcept { return clock_; }

private:
    void run();
    void take_connection();
    void take_bytes(int socket);

    std::uint16_t port_ = 0;
    descriptor listening_;
    descriptor backend_;
    descriptor epoll_;
    std::atomic<bool> stopping_{false};
    thread_clock clock_;
    std::thread thread_;
};

}  // namespace gatehouse::bench
