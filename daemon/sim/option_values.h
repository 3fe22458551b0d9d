// The values of options, read from their written forms. All throw usage_error, which names the
// option.
#pragma once

#include "arguments.h"
#include "base/key_file.h"
#include "base/secret.h"
#include "base/time.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gatehouse::sim {

// "500ms", "10s", "5m", or "0".
duration read_duration(arguments const& given, std::string_view name, duration otherwise);

struct number_range {
    std::uint64_t least = 0;
    std::uint64_t most = 0;
};
std::uint64_t read_number(
    arguments const& given, std::string_view name, std::uint64_t otherwise, number_range range
);

// Bytes: "128" or "1KiB".
std::size_t read_size(
    arguments const& given, std::string_view name, std::size_t otherwise, number_range range
);

// A share of all, from 0 to 1, written as percent: "5", "0.5" or "5%"; 0 when it is not given.
double read_share(arguments const& given, std::string_view name);

// Per second: "100", "0.5" or "100/s".
double read_rate(arguments const& given, std::string_view name, double otherwise);

// A secret in one of its forms. A note on standard error says what a key file was taken for.
secret_bytes read_secret(arguments const& given, std::string_view name, key_length wanted);

// 32 bytes; the file of a public key may be open to others.
secret<length_of_32.exact> read_private_key(arguments const& given, std::string_view name);
std::array<std::uint8_t, length_of_32.exact> read_public_key(
    arguments const& given, std::string_view name
);

}  // namespace gatehouse::sim
