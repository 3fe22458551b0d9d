// One device's way to the gateway, whatever carries it: moves bytes between a socket and the
// device's state machine.
//
// What the device hears stands in the environment's output until `flush`, which must follow every
// call that may speak.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "failure.h"

#include <cstdint>
#include <memory>
#include <string_view>

namespace gatehouse::sim {

struct run_environment;
class session;

class link {
public:
    virtual ~link() = default;
    link(link const&) = delete;
    link& operator=(link const&) = delete;

    // Towards the gateway. Where there is something to wait for, `session::connected` follows.
    virtual failure open() = 0;
    virtual bool has_to_connect() const noexcept = 0;

    // Sends the first words of the handshake.
    virtual void start() = 0;
    // What the clock asks for, and when it does next.
    virtual failure on_time() = 0;
    virtual time_point due() const = 0;
    // Sends what stands in the output, and empties that.
    virtual failure flush() = 0;

    // From another local address, where the transport can do that.
    virtual failure rebind() { return {}; }

    enum class closing : std::uint8_t { done, under_way };
    // At once. Under way: `session::closed` follows, with this reason.
    virtual closing close(failure const& why) noexcept = 0;

    // Must the device's application wait before it says more?
    virtual bool blocked() const = 0;
    // Blocked until the gateway answers.
    virtual bool awaits_answer() const { return false; }
    virtual result<> say(bytes message) = 0;
    virtual result<> ping() = 0;
    virtual result<> rekey() = 0;
    virtual result<> bye() = 0;

    virtual bool established() const = 0;
    // The session is over, and why; nothing: because the device said BYE.
    virtual bool over() const = 0;
    virtual failure ending() const = 0;
    virtual std::string_view awaits() const = 0;

    // Of frames that are acknowledged.
    virtual std::uint32_t delivered() const { return 0; }
    virtual std::uint32_t repeated() const { return 0; }

    // Of an established session.
    virtual bytes session_id() const = 0;
    virtual std::uint32_t pongs() const = 0;
    virtual std::uint32_t rekeys() const = 0;

protected:
    link() = default;
};

}  // namespace gatehouse::sim
