// One device on one TCP connection: moves bytes between the socket and the device's state machine.
//
// Nothing here waits; the caller waits for the socket and calls. Idle, it owns no buffer.
#pragma once

#include "base/time.h"
#include "device/stream_device.h"
#include "failure.h"
#include "net/task.h"
#include "toolbox.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace gatehouse::sim {

class connection {
public:
    connection(
        executor const& where, toolbox& tools, std::unique_ptr<device::stream_device> device
    );

    tcp_socket& socket() noexcept { return socket_; }
    device::stream_device& device() noexcept { return *device_; }
    device::stream_device const& device() const noexcept { return *device_; }

    // A socket of the gateway's address family, bound to `source` if given.
    failure open(
        boost::asio::ip::tcp::endpoint const& gateway,
        std::optional<boost::asio::ip::address> const& source
    );

    // Reads once and lets the device work on it. Messages of the gateway stand in the toolbox's
    // output until `flush`, which must follow.
    failure take(time_point now);

    // Sends what stands in the toolbox's output, and empties that. Bytes that the kernel refuses
    // wait here for the next flush.
    failure flush();

    bool blocked() const noexcept { return !backlog_.empty(); }

    // No more bytes of the device: the gateway sees the end of the stream.
    void finish_sending() noexcept;

    // At once; pending waits end with an error.
    void close() noexcept;

private:
    failure write(bytes data, std::size_t& written);

    tcp_socket socket_;
    toolbox& tools_;
    std::unique_ptr<device::stream_device> device_;
    std::vector<std::uint8_t> partial_;  // of a frame
    std::vector<std::uint8_t> backlog_;
};

}  // namespace gatehouse::sim
