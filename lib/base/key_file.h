// Secrets as people write them, and what the content of a key file stands for. One rule for every
// program (docs/reference/credentials.md, "Key files").
#pragma once

#include "base/secret.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace gatehouse {

inline constexpr std::size_t largest_secret = 4096;
// One of that size in hexadecimal digits, with its prefix and the end of its line.
inline constexpr std::size_t largest_key_file = 2 * largest_secret + 16;

// A secret, or why there is none: what is wrong and what would be right, without any part of it.
using secret_or_why = std::variant<secret_bytes, std::string>;

// "hex:...", "base64:..." or "text:..."; nothing when `text` begins with none of them.
std::optional<secret_or_why> read_written_secret(std::string_view text);

// How many bytes a key must have: one number, or (0) any up to largest_secret. Keys of RSA stand in
// PEM, and are wanted as they stand there.
struct key_length {
    std::size_t exact = 0;
    bool is_pem = false;
};
inline constexpr key_length any_length{};
inline constexpr key_length any_pem{0, true};
inline constexpr key_length length_of_32{32};  // private and public keys, and the keys of stores

// What a file was taken for.
enum class key_file_form : std::uint8_t {
    raw,            // the bytes themselves
    raw_printable,  // the same, but all of them are characters: a prefix may have been forgotten
    hex,
    base64,
    text,
    pem,
};

struct key_from_file {
    secret_bytes value;
    key_file_form form = key_file_form::raw;
};

// The key that a file of this content holds, or why it holds none: a text that goes on behind the
// name of the file ("is empty"), without any part of the content.
std::variant<key_from_file, std::string> read_key_file(std::string_view content, key_length wanted);

// "32 raw bytes", "32 bytes written behind hex:".
std::string describe(key_file_form form, std::size_t size);

}  // namespace gatehouse
