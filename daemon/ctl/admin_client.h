// HTTP over the daemon's administration socket (docs/reference/admin-api.md).
#pragma once

#include "wiping_memory.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse::ctl {

// Where the daemon is asked, and how long a whole answer may take.
struct admin_door {
    std::string socket;
    std::chrono::milliseconds patience{};
};

enum class verb : std::uint8_t { get, post, put, remove };

struct question {
    verb how = verb::get;
    std::string target;
    wiped_string body{};
    std::string_view media_type = "application/json";
};

// One request on a connection of its own. The body of an answer that is no error. Throws failure:
// with the daemon's code, problems and document when it refused, else with a code of ours.
wiped_string ask(admin_door const& door, question const& asked);

}  // namespace gatehouse::ctl
