// Packages as the reference writes them, byte by byte (docs/protocols/upss.md, "Packages").
#pragma once

#include "base/bytes.h"
#include "protocol/output.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gatehouse::upss {

enum class package_type : std::uint8_t { send, status };

// Whose `data` has one member; `path` is UTF-8, in which a half of a surrogate pair may stand.
struct package_head {
    std::string_view path;
    package_type type = package_type::send;
    std::string_view member;
};

// The member is this text.
void write_package(package_head const& head, std::string_view text, wire_buffer& out);

// The member is a text of `size` ASCII characters that need no escape: space for it.
mutable_bytes write_package(package_head const& head, std::size_t size, wire_buffer& out);

}  // namespace gatehouse::upss
