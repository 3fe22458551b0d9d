// Datagrams that prove nothing, as anybody may send them, and with any source address.
#pragma once

#include "bench/support/descriptor.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace gatehouse::bench {

enum class stray_kind : std::uint8_t {
    junk,             // no frame at all
    acknowledgement,  // a UTACK for nothing
    hello,
    hello_of_another_version,
    proof,            // a HELLO_ACK without a handshake
    unknown_session,  // a frame of a session that nobody has
    garbled,          // a frame of a live session with a wrong checksum
    forged,           // the same with the right one, and a sequence number that is still to come
    replayed,         // a frame of a live session, once more
};

// `seen` is a session frame of a live device.
std::vector<std::uint8_t> make_stray(stray_kind kind, bytes seen);

// Sends from one address of this host after the other.
class stray_sender {
public:
    static constexpr std::size_t burst = 64;

    explicit stray_sender(std::uint16_t port);
    ~stray_sender();
    stray_sender(stray_sender const&) = delete;
    stray_sender& operator=(stray_sender const&) = delete;

    // One burst, by one system call. Answers to bursts before are thrown away.
    void send(bytes datagram);

private:
    struct headers;

    void drain();

    std::unique_ptr<headers> headers_;
    std::uint32_t next_source_ = 0;
    std::uint16_t own_port_ = 0;
    descriptor socket_;
};

}  // namespace gatehouse::bench
