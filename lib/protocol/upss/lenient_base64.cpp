#include "protocol/upss/lenient_base64.h"

namespace gatehouse::upss {

namespace {

constexpr int skipped = -1;

int value_of(std::uint8_t letter, base64_alphabet alphabet) noexcept
{
    if (letter >= 'A' && letter <= 'Z')
        return letter - 'A';
    if (letter >= 'a' && letter <= 'z')
        return letter - 'a' + 26;
    if (letter >= '0' && letter <= '9')
        return letter - '0' + 52;
    if (letter == '+' || (letter == '-' && alphabet == base64_alphabet::both))
        return 62;
    if (letter == '/' || (letter == '_' && alphabet == base64_alphabet::both))
        return 63;
    return skipped;
}

}  // namespace

std::optional<std::size_t> from_base64_leniently(
    mutable_bytes text, base64_alphabet alphabet
) noexcept
{
    std::size_t written = 0;
    unsigned digits = 0;  // of the group of four that is being read
    unsigned padding = 0;
    std::uint32_t bits = 0;
    for (auto const letter : text) {
        if (letter == '=') {
            if (digits >= 2 && digits + ++padding >= 4)
                return written;
            continue;
        }
        auto const value = value_of(letter, alphabet);
        if (value == skipped)
            continue;
        padding = 0;
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        if (digits != 0)
            text[written++] = static_cast<std::uint8_t>(bits >> (6 - 2 * digits));
        digits = (digits + 1) % 4;
    }
    if (digits != 0)
        return std::nullopt;
    return written;
}

}  // namespace gatehouse::upss
