// Addresses that begin alike: where the connections of a device may come from.
#pragma once

#include "base/address.h"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::identity {

// As in peer_address: IPv4 as ::ffff:a.b.c.d. So "::/0" covers IPv4, too.
using source_address = std::array<std::uint8_t, 16>;

class source_range {
public:
    static constexpr unsigned most_bits = 128;

    // "10.1.0.0/16", "2001:db8::/32", or one address. Bits behind the prefix must be zero.
    static std::optional<source_range> parse(std::string_view text);

    bool covers(source_address const& address) const noexcept;
    bool covers(source_range const& other) const noexcept;

    source_address const& first() const noexcept { return first_; }
    unsigned bits() const noexcept { return bits_; }

    // By first address, the wider one of two first: what is covered stands behind what covers it.
    // NOLINTNEXTLINE(modernize-use-nullptr): version 14 takes the comparison with 0 for a pointer
    auto operator<=>(source_range const&) const noexcept = default;

    std::string text() const;

private:
    source_range(source_address const& first, unsigned bits) noexcept : first_{first}, bits_{bits}
    {
    }

    source_address first_;
    unsigned bits_;
};

// `address` with all bits behind the first `bits` zero.
source_address masked(source_address address, unsigned bits) noexcept;

}  // namespace gatehouse::identity
