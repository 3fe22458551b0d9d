// The device's end of a protocol over a stream, as a state machine: bytes and times go in, bytes
// and messages come out. For gatehouse-sim and for the tests that let both ends talk.
//
// No sockets, clocks, threads or logs. After an error of `receive` only the destructor may be
// called.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "protocol/output.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gatehouse::device {

class stream_device {
public:
    virtual ~stream_device() = default;

    // The device's first words, if it speaks first. Called once, first.
    virtual void start(output& out) = 0;

    // Takes bytes of the gateway and returns how many it consumed; the caller shows the rest again
    // in front of what arrives next. Decrypts in place: messages of the gateway go to `out.up`,
    // which points into `in`, into memory that `out` holds or into the device's own, which stays as
    // it is until the next call; frames for the gateway to `out.wire`.
    // Stops behind the gateway's goodbye.
    virtual result<std::size_t> receive(time_point now, mutable_bytes in, output& out) = 0;

    // The following need an established session: error::internal_closed without one.

    // One message, in as many frames as it needs. error::limit_message_size when it cannot fit (the
    // session goes on).
    virtual result<> send(bytes message, output& out) = 0;
    // error::malformed_type where the protocol has no such thing.
    virtual result<> ping(output& out) = 0;
    virtual result<> rekey(output& out) = 0;
    // Nothing may be sent afterwards.
    virtual result<> bye(output& out) = 0;

    // What the device said is still to be answered: `send` and `ping` must not be called. `bye`
    // may, and takes effect behind the answer.
    virtual bool busy() const noexcept { return false; }

    virtual bool established() const noexcept = 0;
    // The gateway said goodbye, or that it does not go on.
    virtual bool dismissed() const noexcept = 0;
    // In which words, where they are not always the same; none when all went well.
    virtual std::string_view dismissal() const noexcept { return {}; }
    // What the device waits for, as the protocol names it.
    virtual std::string_view awaits() const noexcept = 0;

    // Of an established session; the id is empty where the protocol has none.
    virtual bytes session_id() const noexcept = 0;
    virtual std::uint32_t pongs() const noexcept = 0;
    virtual std::uint32_t rekeys() const noexcept = 0;

protected:
    stream_device() = default;
    stream_device(stream_device const&) = default;
    stream_device(stream_device&&) = default;
    stream_device& operator=(stream_device const&) = default;
    stream_device& operator=(stream_device&&) = default;
};

}  // namespace gatehouse::device
