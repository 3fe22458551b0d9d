// What goes back to a device: HTTP/1.1 responses, as stock clients read them.
#pragma once

#include "base/bytes.h"
#include "protocol/output.h"

#include <cstdint>
#include <string_view>

namespace gatehouse::array_crypto {

enum class status : std::uint16_t {
    ok = 200,
    no_content = 204,
    bad_request = 400,
    unauthorized = 401,
    not_found = 404,
    method_not_allowed = 405,
    length_required = 411,
    content_too_large = 413,
    unsupported_media_type = 415,
    misdirected = 421,
    unprocessable = 422,
    too_many_requests = 429,
    header_too_large = 431,
    unavailable = 503,
    version_not_supported = 505,
};

enum class after_answer : std::uint8_t { keep_alive, close };

struct answer {
    status what = status::ok;
    std::string_view json{};   // the body, unless `octets` is one
    std::string_view allow{};  // of method_not_allowed
    after_answer then = after_answer::keep_alive;
    bool is_for_head = false;  // the body is left out
};

void write(answer const& what, wire_buffer& out);

// The answer with `size` octets, which are to be filled in at once.
mutable_bytes write_octets(std::size_t size, after_answer then, wire_buffer& out);

void write_go_ahead(wire_buffer& out);

// {"detail":"..."} as the reference spells it, for a status that needs no other words.
std::string_view usual_text(status what) noexcept;

}  // namespace gatehouse::array_crypto
