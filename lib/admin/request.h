// A request of an operator, as it came in over an administration socket.
#pragma once

#include <cstdint>
#include <string>

namespace gatehouse::admin {

// What the kernel says of the process at the other end.
struct requester {
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::int32_t pid = 0;
};

enum class socket_kind : std::uint8_t { full, read_only };

// What became of a request's body.
enum class body_state : std::uint8_t {
    whole,     // or there is none
    too_long,  // for this command
    busy,      // other requests hold what all of them may
};

struct request {
    std::string method;  // "GET"
    std::string target;  // "/v1/sessions?limit=3"
    std::string body;
    requester who;
    socket_kind socket = socket_kind::full;
    body_state body_is = body_state::whole;
};

}  // namespace gatehouse::admin
