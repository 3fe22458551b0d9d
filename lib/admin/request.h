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

struct request {
    std::string method;  // "GET"
    std::string target;  // "/v1/sessions?limit=3"
    std::string body;
    requester who;
    socket_kind socket = socket_kind::full;
};

}  // namespace gatehouse::admin
