#include "key_text.h"

#include "base/base64.h"
#include "failure.h"
#include "secret_file.h"

#include <array>
#include <cstring>

namespace gatehouse::ctl {

namespace {

constexpr std::size_t longest_key = 64;

wiped_string base64_line(bytes key)
{
    std::array<std::uint8_t, base64_size(longest_key)> groups{};
    auto const used = mutable_bytes{groups}.first(base64_size(key.size()));
    to_base64(key, used);
    wiped_string line{as_text(used)};
    ::explicit_bzero(groups.data(), groups.size());
    line += '\n';
    return line;
}

}  // namespace

key_format parse_key_format(std::string_view word)
{
    if (word == "raw")
        return key_format::raw;
    if (word == "hex")
        return key_format::hex;
    if (word == "base64")
        return key_format::base64;
    throw usage_error{"--format is raw, hex or base64"};
}

wiped_string key_text(bytes key, key_format format)
{
    switch (format) {
    case key_format::hex: {
        wiped_string line;
        append_hex(key, line);
        line += '\n';
        return line;
    }
    case key_format::base64:
        return base64_line(key);
    case key_format::raw:
        break;
    }
    return wiped_string{as_text(key)};
}

}  // namespace gatehouse::ctl
