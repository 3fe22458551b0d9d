#include "identity/public_key.h"

#include "base/assert.h"
#include "crypto/ed25519.h"
#include "crypto/x25519.h"

#include <algorithm>
#include <span>

namespace gatehouse::identity {

namespace {

constexpr std::uint8_t top_bit = 0x80;

// 2^255 - 19, little-endian like all coordinates here, plus `difference` (at least -1).
constexpr public_key near_p(int difference)
{
    public_key made{};
    made.fill(0xff);
    made.front() = static_cast<std::uint8_t>(0xed + difference);
    made.back() = 0x7f;
    return made;
}

constexpr public_key small_number(std::uint8_t number)
{
    public_key made{};
    made.front() = number;
    return made;
}

// RFC 7748 coordinates u of order 1, 2, 4 and 8, in their only canonical spelling.
constexpr std::array<public_key, 5> low_order_x25519{{
    small_number(0),
    small_number(1),
    {0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3,
     0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32,
     0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00},
    {0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1,
     0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c,
     0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57},
    near_p(-1),
}};

// RFC 8032 coordinates y of points of order 1, 2, 4 and 8; each with both signs of x.
constexpr std::array<public_key, 5> small_order_ed25519{{
    small_number(0),
    small_number(1),
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
     0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
     0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
     0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
     0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
    near_p(-1),
}};

bool is_below_p(public_key const& number) noexcept
{
    static constexpr auto p = near_p(0);
    return std::lexicographical_compare(number.rbegin(), number.rend(), p.rbegin(), p.rend());
}

bool stands_in(std::span<public_key const> list, public_key const& key) noexcept
{
    return std::find(list.begin(), list.end(), key) != list.end();
}

std::string_view why_unfit_x25519(public_key const& key) noexcept
{
    if ((key.back() & top_bit) != 0)
        return "its highest bit is set, so that it has another spelling";
    if (!is_below_p(key))
        return "it is not below 2^255-19, so that it has another spelling";
    return stands_in(low_order_x25519, key) ? "it has low order: everybody knows its secret" : "";
}

std::string_view why_unfit_ed25519(public_key const& key) noexcept
{
    auto y = key;
    y.back() &= static_cast<std::uint8_t>(~top_bit);
    if (!is_below_p(y))
        return "its coordinate is not below 2^255-19, so that it has another spelling";
    return stands_in(small_order_ed25519, y) ? "it has small order: everybody can sign for it" : "";
}

}  // namespace

public_key public_half(private_key const& own, key_kind kind)
{
    GATEHOUSE_ASSERT(kind != key_kind::psk);
    return kind == key_kind::ed25519 ? crypto::ed25519_public_of(own)
                                     : crypto::x25519_public_of(own);
}

std::string_view why_unfit(public_key const& key, key_kind kind) noexcept
{
    return kind == key_kind::ed25519 ? why_unfit_ed25519(key) : why_unfit_x25519(key);
}

}  // namespace gatehouse::identity
