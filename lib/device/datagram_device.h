// The device's end of a protocol over datagrams, as a state machine: datagrams and times go in,
// datagrams and messages come out. For gatehouse-sim and for the tests that let both ends talk.
//
// No sockets, clocks, threads or logs. Frames for the gateway go to `out.wire`, one a datagram.
// After an error of `receive` only the destructor may be called.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "protocol/output.h"

#include <cstdint>
#include <string_view>

namespace gatehouse::device {

class datagram_device {
public:
    virtual ~datagram_device() = default;

    // The first words. Called once, first.
    virtual void start(time_point now, output& out) = 0;

    // Takes one datagram of the gateway and decrypts it in place: messages go to `out.up`, which
    // points into `datagram` or into memory that `out` holds.
    virtual result<> receive(time_point now, mutable_bytes datagram, output& out) = 0;

    // When `on_deadline` is to be called, or `never`.
    virtual time_point deadline() const noexcept = 0;
    virtual void on_deadline(time_point now, output& out) = 0;

    // What was said is still on its way: `send`, `ping` and `rekey` must not be called.
    virtual bool busy() const noexcept = 0;

    // As those of a stream_device.
    virtual result<> send(time_point now, bytes message, output& out) = 0;
    virtual result<> ping(time_point now, output& out) = 0;
    virtual result<> rekey(time_point now, output& out) = 0;
    virtual result<> bye(time_point now, output& out) = 0;

    virtual bool established() const noexcept = 0;
    virtual bool over() const noexcept = 0;
    virtual bool dismissed() const noexcept = 0;  // the gateway said goodbye
    virtual bool gave_up() const noexcept = 0;    // the gateway acknowledged nothing
    virtual std::string_view awaits() const noexcept = 0;

    virtual std::uint32_t delivered() const noexcept = 0;        // messages
    virtual std::uint32_t retransmissions() const noexcept = 0;  // of frames

    // Of an established session.
    virtual bytes session_id() const noexcept = 0;
    virtual std::uint32_t pongs() const noexcept = 0;
    virtual std::uint32_t rekeys() const noexcept = 0;

protected:
    datagram_device() = default;
    datagram_device(datagram_device const&) = default;
    datagram_device(datagram_device&&) = default;
    datagram_device& operator=(datagram_device const&) = default;
    datagram_device& operator=(datagram_device&&) = default;
};

}  // namespace gatehouse::device
