// The name of a device as a small value: 16 bytes that own nothing.
//
// Devices with pre-shared keys are named by their six bytes, those with public keys by a text that
// the operator chose. A name is never equal to six bytes, whatever they are.
#pragma once

#include "base/bytes.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::identity {

class device_id {
public:
    static constexpr std::size_t mac_size = 6;

    device_id() noexcept = default;

    // From the six bytes of a USMP device id.
    static device_id from_mac(std::span<std::uint8_t const, mac_size> mac) noexcept;

    // From "02:00:00:00:00:01", either case.
    static std::optional<device_id> parse_mac(std::string_view text) noexcept;

    // 1 to identity::longest_device_name printable ASCII characters without spaces, quotes,
    // backslash and slash, not of the form of six bytes.
    static bool is_name(std::string_view text) noexcept;

    // From what `is_name`. Remembers long names for ever (identity/device_names.h).
    static device_id from_name(std::string_view text);

    // The device that is written like this, six bytes or a name: for text of backends and commands.
    // Nothing when it cannot be one, or surely is no device's name. Remembers nothing.
    static std::optional<device_id> find(std::string_view text);

    // The raw bytes, six for USMP; empty for names and for a default-constructed id.
    bytes raw() const noexcept { return bytes{data_}.first(size_ == mac_size ? mac_size : 0); }

    bool operator==(device_id const&) const noexcept = default;

    // "02:00:00:00:00:01", or the name: what log lines, records and commands show. No heap; valid
    // as long as `buffer`.
    static constexpr std::size_t text_limit = mac_size * 3;
    using text_buffer = std::array<char, text_limit>;
    std::string_view text(text_buffer& buffer) const noexcept;
    std::string text() const;

    // In the order of the texts.
    bool precedes(device_id const& other) const noexcept;

    friend std::size_t hash_value(device_id const& id) noexcept;

private:
    // A name stands in data_ when it is short, with its length and this mark in size_; a long one
    // elsewhere, and data_ has its address.
    static constexpr std::size_t longest_inline = 15;
    static constexpr std::uint8_t name_mark = 0x80;
    static constexpr std::uint8_t long_name = 0xff;

    static device_id from_short_name(std::string_view text) noexcept;
    static device_id from_long_name(std::string const* text) noexcept;
    // Valid as long as this id. Empty when it has no name.
    std::string_view name() const noexcept;

    std::array<std::uint8_t, longest_inline> data_{};
    std::uint8_t size_ = 0;
};
static_assert(sizeof(device_id) == 16);

// For boost::unordered containers.
std::size_t hash_value(device_id const& id) noexcept;

}  // namespace gatehouse::identity

template <>
struct std::hash<gatehouse::identity::device_id> {
    std::size_t operator()(gatehouse::identity::device_id const& id) const noexcept
    {
        return gatehouse::identity::hash_value(id);
    }
};
