#include "base/hex.h"
#include "support/byte_string.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

TEST(hex, writes_lower_case_digits)
{
    EXPECT_EQ(to_hex(byte_string{0x00, 0x0f, 0xa0, 0xff}), "000fa0ff");
    EXPECT_EQ(to_hex({}), "");
}

TEST(hex, reads_either_case)
{
    EXPECT_EQ(from_hex("00aBCdEf"), (byte_string{0x00, 0xab, 0xcd, 0xef}));
    EXPECT_EQ(from_hex(""), byte_string{});
}

TEST(hex, refuses_what_is_not_hexadecimal)
{
    for (auto const* text : {"0", "000", "0g", "g0", " 0", "0 ", "0x00", "00 00", "-1", "0:"})
        EXPECT_FALSE(from_hex(text)) << text;
}

TEST(hex, each_byte_comes_back)
{
    byte_string all;
    for (int value = 0; value < 256; ++value)
        all.push_back(static_cast<std::uint8_t>(value));
    EXPECT_EQ(from_hex(to_hex(all)), all);
}

TEST(hex, digit_judges_each_character)
{
    std::string const digits = "0123456789abcdefABCDEF";
    for (int value = 0; value < 256; ++value) {
        auto const c = static_cast<char>(value);
        EXPECT_EQ(hex_digit(c) >= 0, digits.find(c) != std::string::npos) << value;
    }
    EXPECT_EQ(hex_digit('9'), 9);
    EXPECT_EQ(hex_digit('a'), 10);
    EXPECT_EQ(hex_digit('F'), 15);
}

}  // namespace
}  // namespace gatehouse::test
