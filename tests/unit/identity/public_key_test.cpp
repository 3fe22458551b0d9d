#include "identity/public_key.h"
#include "support/byte_string.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace gatehouse::test {
namespace {

using identity::key_kind;
using identity::public_key;
using identity::why_unfit;

public_key key_of(std::string_view digits)
{
    public_key made{};
    auto const raw = hex_bytes(digits);
    EXPECT_EQ(raw.size(), made.size());
    std::copy_n(raw.begin(), made.size(), made.begin());
    return made;
}

public_key with_top_bit(public_key key)
{
    key.back() ^= 0x80;
    return key;
}

std::string const zeros(62, '0');
std::string const ones(60, 'f');

TEST(public_key, halves_belong_together)
{
    // RFC 8032, 7.1, test 1; RFC 7748, 6.1.
    auto const own = [](std::string_view digits) {
        return identity::private_key::from(key_of(digits));
    };
    EXPECT_EQ(
        identity::public_half(
            own("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"),
            key_kind::ed25519
        ),
        key_of("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    );
    EXPECT_EQ(
        identity::public_half(
            own("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"),
            key_kind::x25519
        ),
        key_of("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")
    );
}

TEST(public_key, x25519_of_low_order_is_unfit_in_every_spelling)
{
    for (auto const& digits : {
             "00" + zeros,
             "01" + zeros,
             std::string{"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"},
             std::string{"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"},
             "ec" + ones + "7f",
             "ed" + ones + "7f",
             "ee" + ones + "7f",
         }) {
        EXPECT_NE(why_unfit(key_of(digits), key_kind::x25519), "") << digits;
        EXPECT_NE(why_unfit(with_top_bit(key_of(digits)), key_kind::x25519), "") << digits;
    }
}

TEST(public_key, x25519_has_one_spelling)
{
    auto const usual = key_of("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    EXPECT_EQ(why_unfit(usual, key_kind::x25519), "");
    EXPECT_NE(why_unfit(with_top_bit(usual), key_kind::x25519), "");
    for (auto const first : {"ed", "ef", "f0", "ff"})
        EXPECT_NE(why_unfit(key_of(first + ones + "7f"), key_kind::x25519), "") << first;
    EXPECT_EQ(why_unfit(key_of("eb" + ones + "7f"), key_kind::x25519), "");
    EXPECT_EQ(why_unfit(key_of("ff" + ones.substr(2) + "007f"), key_kind::x25519), "");
    EXPECT_EQ(why_unfit(key_of("09" + zeros), key_kind::x25519), "");
}

TEST(public_key, ed25519_of_small_order_is_unfit_with_either_sign)
{
    for (auto const& digits : {
             "00" + zeros,
             "01" + zeros,
             std::string{"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"},
             std::string{"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"},
             "ec" + ones + "7f",
         }) {
        EXPECT_NE(why_unfit(key_of(digits), key_kind::ed25519), "") << digits;
        EXPECT_NE(why_unfit(with_top_bit(key_of(digits)), key_kind::ed25519), "") << digits;
    }
}

TEST(public_key, ed25519_has_one_spelling)
{
    auto const usual = key_of("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    EXPECT_EQ(why_unfit(usual, key_kind::ed25519), "");
    EXPECT_EQ(why_unfit(with_top_bit(usual), key_kind::ed25519), "") << "the sign of x";
    for (auto const first : {"ed", "ee", "f0", "ff"}) {
        auto const above = key_of(first + ones + "7f");
        EXPECT_NE(why_unfit(above, key_kind::ed25519), "") << first;
        EXPECT_NE(why_unfit(with_top_bit(above), key_kind::ed25519), "") << first;
    }
}

}  // namespace
}  // namespace gatehouse::test
