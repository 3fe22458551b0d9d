#include "base/utf8.h"
#include "support/byte_string.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace literals;

bool valid(std::string_view text)
{
    return is_utf8(as_bytes(text));
}

TEST(utf8, accepts_text)
{
    EXPECT_TRUE(valid(""));
    EXPECT_TRUE(valid("plain"));
    EXPECT_TRUE(valid("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x9a\xaa"));
    EXPECT_TRUE(is_utf8("00"_hex));
}

TEST(utf8, accepts_the_edges_of_each_length)
{
    for (auto const& text :
         {"7f"_hex,
          "c280"_hex,
          "dfbf"_hex,
          "e0a080"_hex,
          "ed9fbf"_hex,
          "ee8080"_hex,
          "efbfbf"_hex,
          "f0908080"_hex,
          "f48fbfbf"_hex})
        EXPECT_TRUE(is_utf8(text)) << to_hex(text);
}

TEST(utf8, refuses_overlong_forms)
{
    for (auto const& text :
         {"c080"_hex, "c1bf"_hex, "e08080"_hex, "e09fbf"_hex, "f0808080"_hex, "f08fbfbf"_hex})
        EXPECT_FALSE(is_utf8(text)) << to_hex(text);
}

TEST(utf8, refuses_surrogates)
{
    for (auto const& text : {"eda080"_hex, "edafbf"_hex, "edb080"_hex, "edbfbf"_hex})
        EXPECT_FALSE(is_utf8(text)) << to_hex(text);
}

TEST(utf8, refuses_what_is_too_large)
{
    for (auto const& text : {"f4908080"_hex, "f7bfbfbf"_hex, "f888808080"_hex, "fe"_hex, "ff"_hex})
        EXPECT_FALSE(is_utf8(text)) << to_hex(text);
}

TEST(utf8, refuses_stray_and_missing_continuations)
{
    for (auto const& text :
         {"80"_hex,
          "bf"_hex,
          "c3"_hex,
          "c341"_hex,
          "e282"_hex,
          "e28241"_hex,
          "f09f9a"_hex,
          "f09f9a41"_hex,
          "c3c3"_hex,
          "6180"_hex,
          "e2ac"_hex})
        EXPECT_FALSE(is_utf8(text)) << to_hex(text);
}

// Against the definition, for every sequence of two bytes.
TEST(utf8, two_bytes_exhaustively)
{
    for (unsigned first = 0; first < 256; ++first)
        for (unsigned second = 0; second < 256; ++second) {
            bool const ascii = first < 0x80 && second < 0x80;
            bool const pair = first >= 0xc2 && first <= 0xdf && second >= 0x80 && second <= 0xbf;
            byte_string const text{
                static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(second)};
            ASSERT_EQ(is_utf8(text), ascii || pair) << to_hex(text);
        }
}

}  // namespace
}  // namespace gatehouse::test
