// One HTTP/1.1 request as it stands in memory, read with Beast's parser, and more strictly:
// whatever two programs could understand in two ways is refused (RFC 9112, 11.2).
#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gatehouse::array_crypto {

// Looks for the end of a header in bytes that are shown again as they become more. Errors:
// malformed_framing, an end of a line that is not CR LF, a folded line, a NUL, or no request line
// first; malformed_oversize.
class header_scan {
public:
    // The size of the header, with the empty line; 0: not whole yet.
    result<std::size_t> look(bytes received);
    void begin_anew() noexcept { seen_ = 0; }

private:
    std::size_t seen_ = 0;  // bytes that were found in order
};

enum class verb : std::uint8_t { get, post, other, head };

// Views of the header's bytes.
struct request_head {
    verb method = verb::other;
    std::string_view path;           // without a query
    std::string_view authorization;  // empty: none
    std::string_view content_type;
    std::size_t body_size = 0;
    bool has_body_size = false;
    bool keeps_alive = true;
    bool expects_go_ahead = false;
};

// Reads a whole header. Errors: malformed_request; malformed_framing, two lengths, a length that is
// no number, or chunks; incompatible_version.
result<request_head> read_head(bytes header);

}  // namespace gatehouse::array_crypto
