#include "identity/device_id.h"

#include "base/hex.h"

#include <algorithm>

namespace gatehouse::identity {

device_id device_id::from_mac(std::span<std::uint8_t const, mac_size> mac) noexcept
{
    device_id id;
    std::copy(mac.begin(), mac.end(), id.data_.begin());
    id.size_ = mac_size;
    return id;
}

std::optional<device_id> device_id::parse_mac(std::string_view text) noexcept
{
    if (text.size() != mac_size * 3 - 1)
        return std::nullopt;
    std::array<std::uint8_t, mac_size> mac{};
    for (std::size_t i = 0; i < mac_size; ++i) {
        auto const high = hex_digit(text[i * 3]);
        auto const low = hex_digit(text[i * 3 + 1]);
        bool const separated = i + 1 == mac_size || text[i * 3 + 2] == ':';
        if (high < 0 || low < 0 || !separated)
            return std::nullopt;
        mac[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return from_mac(mac);
}

std::string_view device_id::text(text_buffer& buffer) const noexcept
{
    static constexpr std::string_view digits = "0123456789abcdef";
    std::size_t size = 0;
    for (auto const byte : raw()) {
        if (size != 0)
            buffer[size++] = ':';
        buffer[size++] = digits[byte >> 4];
        buffer[size++] = digits[byte & 0x0f];
    }
    return {buffer.data(), size};
}

std::string device_id::text() const
{
    text_buffer buffer;
    return std::string{text(buffer)};
}

// FNV-1a; the table's own mixing spreads it further. Keys come from enrolled devices or from the
// admission ledgers, which are bounded, so a chosen collision buys little.
std::size_t hash_value(device_id const& id) noexcept
{
    std::uint64_t hash = 14695981039346656037ULL;
    for (auto const byte : id.raw())
        hash = (hash ^ byte) * 1099511628211ULL;
    return hash;
}

}  // namespace gatehouse::identity
