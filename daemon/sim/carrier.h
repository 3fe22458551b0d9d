// How the datagrams of a load run's devices get to the gateway and back: by sockets that they share
// or by one each.
#pragma once

#include "base/bytes.h"
#include "failure.h"

#include <cstdint>

namespace gatehouse::sim {

// Who gets what arrives, by the device's index.
class datagram_hearer {
public:
    virtual ~datagram_hearer() = default;
    // May be decrypted in place.
    virtual void hear(std::uint32_t device, mutable_bytes datagram) = 0;
    // For now nothing more has come.
    virtual void heard_all() = 0;

protected:
    datagram_hearer() = default;
    datagram_hearer(datagram_hearer const&) = default;
    datagram_hearer& operator=(datagram_hearer const&) = default;
};

class carrier {
public:
    virtual ~carrier() = default;
    carrier(carrier const&) = delete;
    carrier& operator=(carrier const&) = delete;

    // The device is about to connect.
    virtual failure open(std::uint32_t device) = 0;

    // From now on it speaks from another local address. What is on its way to the one before is
    // lost, as behind a router that forgot it.
    virtual failure rebind(std::uint32_t device) = 0;

    // What the kernel refuses is lost, as any datagram may be.
    virtual void send(std::uint32_t device, bytes datagram) = 0;

    // Sends what was only collected until now.
    virtual void flush() = 0;

    // Closes everything: nothing is heard any more, and all waits end.
    virtual void stop() noexcept = 0;

protected:
    carrier() = default;
};

}  // namespace gatehouse::sim
