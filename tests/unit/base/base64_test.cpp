#include "base/base64.h"
#include "support/byte_string.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace gatehouse::test {
namespace {

std::string encode(bytes data)
{
    byte_string out(base64_size(data.size()), 0x55);
    to_base64(data, out);
    return text_of(out);
}

std::optional<byte_string> decode(std::string_view text)
{
    byte_string out(text.size() / 4 * 3);
    auto const size = from_base64(text, out);
    if (!size)
        return std::nullopt;
    out.resize(*size);
    return out;
}

// RFC 4648, section 10.
std::vector<std::pair<std::string, std::string>> const published{
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
};

TEST(base64, published_examples)
{
    for (auto const& [plain, text] : published) {
        EXPECT_EQ(encode(as_bytes(plain)), text);
        EXPECT_EQ(decode(text), text_bytes(plain));
    }
}

TEST(base64, whole_alphabet)
{
    byte_string all;
    for (int value = 0; value < 256; ++value)
        all.push_back(static_cast<std::uint8_t>(value));
    EXPECT_EQ(encode(byte_string{0xfb, 0xff, 0xbf}), "+/+/");
    for (std::size_t size = 0; size <= all.size(); ++size) {
        auto const part = bytes{all}.last(size);
        EXPECT_EQ(decode(encode(part)), copy_of(part));
    }
}

TEST(base64, refuses_what_is_not_whole)
{
    for (auto const* text : {"Z", "Zg", "Zg=", "Zm8", "Zm9vY", "=", "==", "===", "===="})
        EXPECT_FALSE(decode(text)) << text;
}

TEST(base64, refuses_padding_in_the_wrong_place)
{
    for (auto const* text : {"Zg==Zm9v", "Z===", "=g==", "Zg=g", "Zm8=Zm8=", "Zm9=v===", "A=A="})
        EXPECT_FALSE(decode(text)) << text;
}

TEST(base64, refuses_bits_left_over)
{
    EXPECT_FALSE(decode("Zh=="));
    EXPECT_FALSE(decode("Zm9="));
    EXPECT_FALSE(decode("Zm9vZh=="));
}

TEST(base64, refuses_other_characters)
{
    for (auto const* text : {"Zm9 ", " Zm9", "Zm\n9", "Zm-9", "Zm_9", "Zm9\xff", "Zm9."})
        EXPECT_FALSE(decode(text)) << text;
    EXPECT_FALSE(decode(std::string_view{"Zm\0v", 4}));
}

TEST(base64, needs_no_more_room_than_the_bytes)
{
    byte_string out(4, 0x55);
    EXPECT_EQ(from_base64("Zm9vYg==", out), 4U);
    EXPECT_EQ(text_of(out), "foob");
    EXPECT_FALSE(from_base64("Zm9vYg==", mutable_bytes{out}.first(3)));
}

}  // namespace
}  // namespace gatehouse::test
