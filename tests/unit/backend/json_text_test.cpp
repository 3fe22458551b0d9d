#include "backend/json_text.h"
#include "support/byte_string.h"

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <string>

namespace gatehouse::test {
namespace {

using backend::json_object;

std::string escaped(std::string_view value)
{
    backend::buffer out;
    json_object{out, "t"}.text("k", value).end();
    auto const line = text_of(out);
    constexpr std::string_view before = R"({"type":"t","k":")";
    constexpr std::string_view after = "\"}\n";
    EXPECT_TRUE(line.starts_with(before) && line.ends_with(after)) << line;
    return line.substr(before.size(), line.size() - before.size() - after.size());
}

TEST(json_text, an_object_without_fields_has_its_type)
{
    backend::buffer out;
    json_object{out, "hello"}.end();
    EXPECT_EQ(text_of(out), "{\"type\":\"hello\"}\n");
}

TEST(json_text, objects_are_appended)
{
    auto out = text_bytes("before");
    json_object{out, "a"}.end();
    json_object{out, "b"}.end();
    EXPECT_EQ(text_of(out), "before{\"type\":\"a\"}\n{\"type\":\"b\"}\n");
}

TEST(json_text, fields_stand_in_the_order_in_which_they_were_given)
{
    backend::buffer out;
    json_object{out, "t"}.number("z", 1).text("a", "b").base64("m", text_bytes("c")).end();
    EXPECT_EQ(text_of(out), "{\"type\":\"t\",\"z\":1,\"a\":\"b\",\"m\":\"Yw==\"}\n");
}

TEST(json_text, numbers_are_exact_to_the_last)
{
    backend::buffer out;
    json_object{out, "t"}
        .number("none", 0)
        .number("most", std::numeric_limits<std::uint64_t>::max())
        .end();
    EXPECT_EQ(text_of(out), "{\"type\":\"t\",\"none\":0,\"most\":18446744073709551615}\n");
}

TEST(json_text, base64_of_every_remainder)
{
    std::map<std::string, std::string> const pairs{
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
    };
    for (auto const& [raw, wanted] : pairs) {
        backend::buffer out;
        json_object{out, "t"}.base64("d", text_bytes(raw)).end();
        EXPECT_EQ(text_of(out), "{\"type\":\"t\",\"d\":\"" + wanted + "\"}\n");
    }
}

TEST(json_text, plain_text_stays_as_it_is)
{
    EXPECT_EQ(escaped(""), "");
    EXPECT_EQ(escaped("boiler-17 / 21.5 C {[]}:,'"), "boiler-17 / 21.5 C {[]}:,'");
}

TEST(json_text, text_beyond_ascii_stays_as_it_is)
{
    EXPECT_EQ(
        escaped("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x9a\xaa"),
        "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x9a\xaa"
    );
}

TEST(json_text, quotes_and_backslashes_are_escaped)
{
    EXPECT_EQ(escaped("a\"b"), R"(a\"b)");
    EXPECT_EQ(escaped("a\\b"), R"(a\\b)");
    EXPECT_EQ(escaped("\\\""), R"(\\\")");
    EXPECT_EQ(escaped("\\n"), R"(\\n)");
}

// A line end inside a record would be two records.
TEST(json_text, every_control_character_is_escaped)
{
    std::map<unsigned, std::string> const short_forms{{'\n', "\\n"}, {'\r', "\\r"}, {'\t', "\\t"}};
    constexpr std::string_view digits = "0123456789abcdef";
    for (unsigned code = 0; code < 0x80; ++code) {
        if (code >= 0x20 && code != 0x7f)
            continue;
        auto const found = short_forms.find(code);
        auto const wanted = found != short_forms.end()
                                ? found->second
                                : std::string{"\\u00"} + digits[code >> 4] + digits[code & 15];
        std::string const one(1, static_cast<char>(code));
        EXPECT_EQ(escaped("<" + one + ">"), "<" + wanted + ">") << code;
    }
}

}  // namespace
}  // namespace gatehouse::test
