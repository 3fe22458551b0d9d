// One device's way to the gateway, whatever carries it: moves bytes between a socket and the
// device's state machine. For the commands that have just one device.
//
// Nothing here waits; the caller waits for the socket, or until `due`, and calls. What the device
// hears stands in the toolbox's output until `flush`, which must follow every call that may speak.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "failure.h"
#include "net/task.h"

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

namespace gatehouse::sim {

struct device_options;
struct toolbox;

// What a wait for a socket is awaited as.
using waiting = decltype(std::declval<tcp_socket&>().async_wait(tcp_socket::wait_read, awaiting));

class link {
public:
    virtual ~link() = default;
    link(link const&) = delete;
    link& operator=(link const&) = delete;

    // A socket of the gateway's address family.
    virtual failure open() = 0;
    virtual waiting connect() = 0;
    virtual waiting readable() = 0;
    virtual void cancel() noexcept = 0;  // cuts the wait short
    virtual void close() noexcept = 0;   // at once

    // Sends the first words of the handshake.
    virtual void start(time_point now) = 0;
    // Reads what is there and lets the device work on it.
    virtual failure take(time_point now) = 0;
    // What the clock asks for, and when it does next.
    virtual failure on_time(time_point now) = 0;
    virtual time_point due(time_point now) const = 0;
    virtual failure flush(time_point now) = 0;

    // Must the device's application wait before it says more?
    virtual bool blocked() const = 0;
    virtual result<> say(time_point now, bytes message) = 0;
    virtual result<> ping(time_point now) = 0;
    virtual result<> rekey(time_point now) = 0;
    virtual result<> bye(time_point now) = 0;
    // Behind BYE: no more bytes of the device, if the transport can say so.
    virtual void finish_sending() noexcept = 0;
    // Was BYE heard? Over TCP the gateway's closing says so.
    virtual bool finished() const = 0;

    virtual bool established() const = 0;
    virtual std::string_view awaits() const = 0;
    // Of an established session.
    virtual bytes session_id() const = 0;
    virtual std::uint32_t pongs() const = 0;
    virtual std::uint32_t rekeys() const = 0;

protected:
    link() = default;
};

// Both outlive the link.
std::unique_ptr<link> make_link(
    executor const& where, toolbox& tools, device_options const& options
);

}  // namespace gatehouse::sim
