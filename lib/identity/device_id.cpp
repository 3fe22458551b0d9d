#include "identity/device_id.h"

#include "base/assert.h"
#include "base/hex.h"
#include "identity/device_names.h"
#include "identity/psk_device.h"

#include <algorithm>
#include <cstring>
#include <string_view>

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

bool device_id::is_name(std::string_view text) noexcept
{
    static constexpr std::string_view refused = "\"'`\\/";
    bool const right_size = !text.empty() && text.size() <= longest_device_name;
    return right_size && !parse_mac(text) && std::all_of(text.begin(), text.end(), [](char c) {
               return c > ' ' && c <= '~' && refused.find(c) == std::string_view::npos;
           });
}

device_id device_id::from_short_name(std::string_view text) noexcept
{
    device_id id;
    std::copy(text.begin(), text.end(), id.data_.begin());
    id.size_ = static_cast<std::uint8_t>(name_mark | text.size());
    return id;
}

device_id device_id::from_long_name(std::string const* text) noexcept
{
    device_id id;
    // NOLINTNEXTLINE(bugprone-sizeof-expression): the pointer is what is kept
    std::memcpy(id.data_.data(), &text, sizeof text);
    id.size_ = long_name;
    return id;
}

device_id device_id::from_name(std::string_view text)
{
    GATEHOUSE_ASSERT(is_name(text));
    return text.size() <= longest_inline ? from_short_name(text)
                                         : from_long_name(intern_name(text));
}

std::optional<device_id> device_id::find(std::string_view text)
{
    if (auto const mac = parse_mac(text))
        return mac;
    if (!is_name(text))
        return std::nullopt;
    if (text.size() <= longest_inline)
        return from_short_name(text);
    auto const* const known = interned_name(text);
    return known != nullptr ? std::optional{from_long_name(known)} : std::nullopt;
}

std::string_view device_id::name() const noexcept
{
    if (size_ == long_name) {
        std::string const* text = nullptr;
        // NOLINTNEXTLINE(bugprone-sizeof-expression): the pointer is what was kept
        std::memcpy(&text, data_.data(), sizeof text);
        return *text;
    }
    if ((size_ & name_mark) == 0)
        return {};
    return as_text(bytes{data_}.first(static_cast<std::size_t>(size_ ^ name_mark)));
}

std::string_view device_id::text(text_buffer& buffer) const noexcept
{
    static constexpr std::string_view digits = "0123456789abcdef";
    if (size_ == long_name)
        return name();
    if (auto const known = name(); !known.empty()) {
        std::copy(known.begin(), known.end(), buffer.begin());
        return {buffer.data(), known.size()};
    }
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
bool device_id::precedes(device_id const& other) const noexcept
{
    if (size_ == mac_size && other.size_ == mac_size)
        return data_ < other.data_;
    text_buffer mine;
    text_buffer theirs;
    return text(mine) < other.text(theirs);
}

std::size_t hash_value(device_id const& id) noexcept
{
    std::uint64_t hash = 14695981039346656037ULL;
    auto const name = id.name();
    for (auto const byte : name.empty() ? id.raw() : as_bytes(name))
        hash = (hash ^ byte) * 1099511628211ULL;
    return hash;
}

}  // namespace gatehouse::identity
