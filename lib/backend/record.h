// The records between gateway and backend, as values; docs/reference/records.md describes them.
//
// Views in a record live as long as what they were made from; nothing here owns memory.
#pragma once

#include "base/bytes.h"
#include "base/session_id.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gatehouse::backend {

inline constexpr unsigned record_version = 1;
inline constexpr std::size_t longest_ref = 128;     // bytes
inline constexpr std::size_t longest_device = 255;  // bytes of text that may name one

// Gateway to backend.

struct hello_record {
    std::string_view gateway;  // node name
    unsigned worker = 0;
};

struct open_record {
    session_id session;
    std::string_view device;
    std::string_view protocol;
    std::string_view generation;
    std::string_view listener;
    std::string_view peer;
    std::string_view credential;
    std::string_view route = {};  // in protocols that have routes
    bool authenticated = true;    // false: its protocol proves nothing
    bool is_protected = true;     // false: anybody can read and forge its messages
};

struct data_record {
    session_id session;
    std::string_view device;
    std::uint64_t sequence = 0;  // of the session's messages, from 1
    bytes payload;
    bytes plain{};  // JSON, an object: what came unprotected beside it, in protocols that know that
};

// A message for a device that did not acknowledge it.
struct undelivered_record {
    session_id session;
    std::string_view device;
    std::uint64_t sequence = 0;  // of the session's messages in this direction, from 1
    bytes payload;
    std::string_view why;
};

struct close_record {
    session_id session;
    std::string_view device;
    std::string_view reason;
};

// A record of the backend that could not be executed.
struct error_record {
    std::string_view text;
    session_id session;         // value 0 when the record named none
    std::string_view device;    // empty when the record named none
    std::string_view ref = {};  // what the backend calls its command; empty when it does not
};

// Backend to gateway.

enum class command_kind : std::uint8_t { data, ack, close };

struct command {
    command_kind kind = command_kind::data;
    session_id session;          // value 0 when addressed by device
    std::string_view device;     // empty when addressed by session
    std::uint64_t sequence = 0;  // ack only
    bytes payload;               // data only
    std::string_view status{};   // data only: the outcome with which the conversation ends
    std::string_view ref = {};   // comes back in answers; empty when there is none
};

}  // namespace gatehouse::backend
