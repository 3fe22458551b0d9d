// One live session as an operator sees it, and which of them he asks for.
#pragma once

#include "base/address.h"
#include "protocol/session.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace gatehouse {

struct session_row {
    session_facts facts;
    session_times times;
    peer_address peer;
    std::size_t listener = 0;  // slots (net/shared_snapshot.h)
    std::size_t credentials = 0;
    std::uint64_t messages_up = 0;
};

struct session_filter {
    std::optional<identity::device_id> device;
    std::optional<std::size_t> listener;
    struct key {
        std::size_t credentials = 0;  // slot
        identity::key_index index = 0;
    };
    std::vector<key> keys;  // any of them; all when empty
    std::size_t limit = 0;  // rows; the others are only counted
};

struct session_list {
    std::vector<session_row> rows;
    std::uint64_t total = 0;
};

}  // namespace gatehouse
