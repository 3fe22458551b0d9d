// A backend's command for a session of another worker: to that worker, and back with its outcome.
//
// Owns what it carries. It comes back in any case: until then its bytes count against the
// connection that it came on (net/backend_link.h).
#pragma once

#include "backend/record.h"
#include "base/error.h"
#include "base/session_id.h"
#include "identity/device_id.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse {

struct forwarded_command {
    backend::command_kind kind = backend::command_kind::data;
    std::size_t backend = 0;  // whose command it is
    std::uint8_t origin = 0;  // the worker that answers the backend
    bool settled = false;     // on its way back
    session_id session;       // value 0 while only the device is known
    identity::device_id device;
    std::vector<std::uint8_t> payload;
    std::string status;
    std::string ref;
    std::optional<error> failure;

    // What it takes of its connection's bound: commands without a payload count too.
    std::size_t cost() const noexcept
    {
        return sizeof(forwarded_command) + payload.size() + status.size() + ref.size();
    }
};

// How they travel. Implemented over posted values in net.
class command_carrier {
public:
    virtual void forward(std::uint8_t worker, forwarded_command&& what) = 0;
    // To its origin, executed or not.
    virtual void send_back(forwarded_command&& what) = 0;

protected:
    command_carrier() = default;
    ~command_carrier() = default;
    command_carrier(command_carrier const&) = default;
    command_carrier& operator=(command_carrier const&) = default;
};

}  // namespace gatehouse
