// The name of a device as a small value: 16 bytes, no heap.
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

    // The raw bytes, six for USMP; empty for a default-constructed id.
    bytes raw() const noexcept { return bytes{data_}.first(size_); }

    bool operator==(device_id const&) const noexcept = default;

    // "02:00:00:00:00:01": what log lines, records and commands show. Into `buffer`, no heap.
    static constexpr std::size_t text_limit = 15 * 3;
    using text_buffer = std::array<char, text_limit>;
    std::string_view text(text_buffer& buffer) const noexcept;
    std::string text() const;

private:
    std::array<std::uint8_t, 15> data_{};
    std::uint8_t size_ = 0;
};

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
