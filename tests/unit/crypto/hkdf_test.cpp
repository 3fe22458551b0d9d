#include "crypto/hkdf.h"
#include "support/byte_string.h"
#include "support/reference_crypto.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gatehouse::test {
namespace {

struct known_answer {
    byte_string input_key;
    byte_string salt;
    byte_string info;
    std::string output;
};

byte_string counting(unsigned first, unsigned last)
{
    byte_string made;
    for (auto i = first; i <= last; ++i)
        made.push_back(static_cast<std::uint8_t>(i));
    return made;
}

// RFC 5869, A.1 and A.2.
std::vector<known_answer> known_answers()
{
    return {
        {byte_string(22, 0x0b),
         counting(0x00, 0x0c),
         counting(0xf0, 0xf9),
         "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
        {counting(0x00, 0x4f),
         counting(0x60, 0xaf),
         counting(0xb0, 0xff),
         "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65"
         "e"
         "590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"},
    };
}

byte_string derive(crypto::hkdf_sha256& kdf, known_answer const& known, std::size_t size)
{
    byte_string out(size);
    kdf.derive(known.input_key, known.salt, known.info, out);
    return out;
}

TEST(hkdf, known_answers)
{
    crypto::hkdf_sha256 kdf;
    for (auto const& known : known_answers())
        EXPECT_EQ(to_hex(derive(kdf, known, known.output.size() / 2)), known.output);
}

// RFC 5869, A.3.
TEST(hkdf, salt_and_info_may_be_empty)
{
    crypto::hkdf_sha256 kdf;
    known_answer const known{
        byte_string(22, 0x0b),
        {},
        {},
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    };
    EXPECT_EQ(to_hex(derive(kdf, known, 42)), known.output);
}

TEST(hkdf, nothing_is_left_of_the_call_before)
{
    crypto::hkdf_sha256 kdf;
    auto const known = known_answers();
    for (auto const& before : known)
        for (auto const& after : known) {
            derive(kdf, before, 64);
            EXPECT_EQ(to_hex(derive(kdf, after, after.output.size() / 2)), after.output);
        }
}

TEST(hkdf, agrees_with_the_reference)
{
    crypto::hkdf_sha256 kdf;
    auto const key = pattern_bytes(32, 1);
    auto const salt = pattern_bytes(32, 2);
    auto const info = pattern_bytes(71, 3);
    for (std::size_t size = 1; size <= 130; size += 3) {
        byte_string out(size);
        kdf.derive(key, salt, info, out);
        EXPECT_EQ(out, reference::hkdf_sha256(key, salt, info, size));
    }
}

}  // namespace
}  // namespace gatehouse::test
