// lib/backend/ndjson.cpp, what is no record at all, and where lines end.
#include "backend/codec.h"
#include "base/base64.h"
#include "unit/backend/answer.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace gatehouse::test {
namespace {

using namespace literals;

std::string const in_session = R"("session":"0100001122334455")";

std::unique_ptr<backend::codec> make()
{
    return backend::make_ndjson_codec(backend::payload_form::base64);
}

answer read(std::string_view line)
{
    return ask(*make(), line);
}

std::string repeated(std::string_view part, std::size_t times)
{
    std::string made;
    for (std::size_t i = 0; i < times; ++i)
        made += part;
    return made;
}

void expect_broken(std::string_view line)
{
    auto const got = read(line);
    EXPECT_EQ(got.what, verdict::broken) << line.substr(0, 200);
    EXPECT_FALSE(got.why.empty());
}

TEST(ndjson_hostile, what_is_no_json_is_broken)
{
    for (auto const* line :
         {"x",
          "{",
          "}",
          "{]",
          "{\"type\"}",
          "{\"type\":}",
          "{\"type\":\"ack\",}",
          "{'type':'ack'}",
          "{type:\"ack\"}",
          "{\"type\":\"ack\"",
          "{\"type\":\"ack",
          "{\"a\":01}",
          "{\"a\":+1}",
          "{\"a\":NaN}",
          "{\"a\":.5}",
          "{\"a\":\"\\x\"}",
          "{\"a\":\"\\u12\"}",
          "{\"a\":\"\t\"}",
          "// c\n",
          "{} {}",
          "{}}",
          "GET / HTTP/1.1\r"})
        expect_broken(std::string{line} + "\n");
}

TEST(ndjson_hostile, json_that_is_no_object_is_broken)
{
    for (auto const* line : {"7", "null", "true", "\"text\"", "[]", "[{\"type\":\"ack\"}]"})
        expect_broken(std::string{line} + "\n");
}

TEST(ndjson_hostile, text_that_is_no_utf8_is_broken)
{
    for (auto const* text :
         {"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\\ud800", "\\udc00\\ud800"})
        expect_broken("{\"type\":\"data\"," + in_session + ",\"text\":\"" + text + "\"}\n");
}

TEST(ndjson_hostile, a_zero_byte_is_broken)
{
    expect_broken(std::string_view{"{}\0\n", 4});
    expect_broken(std::string_view{"\0{}\n", 4});
}

TEST(ndjson_hostile, nesting_has_an_end)
{
    auto const nested = [](std::size_t depth) {
        return "{\"type\":\"close\"," + in_session + ",\"x\":" + repeated("[", depth) +
               repeated("]", depth) + "}\n";
    };
    EXPECT_EQ(read(nested(7)).what, verdict::command);
    expect_broken(nested(30));
    EXPECT_EQ(read(nested(30)).why, "line is nested too deeply");
}

TEST(ndjson_hostile, depth_bombs_do_no_harm)
{
    constexpr auto limit = backend::incoming_record_limit;
    expect_broken(repeated("[", limit - 1) + "\n");
    expect_broken(repeated("{\"a\":", limit / 5 - 1) + "\n");
    expect_broken(repeated("[", limit / 2 - 1) + repeated("]", limit / 2 - 1) + "\n");
}

TEST(ndjson_hostile, many_values_do_no_harm)
{
    constexpr auto limit = backend::incoming_record_limit;
    expect_broken("[" + repeated("0,", limit / 2 - 2) + "0]\n");
    EXPECT_EQ(
        read("{" + repeated("\"\":0,", limit / 5 - 20) + "\"type\":\"close\"," + in_session + "}\n")
            .what,
        verdict::command
    );
}

TEST(ndjson_hostile, numbers_of_absurd_length_do_no_harm)
{
    for (auto const& number :
         {std::string(60'000, '9'),
          "0." + std::string(60'000, '1'),
          "1e" + std::string(60'000, '9')}) {
        auto const got = read("{\"type\":\"ack\"," + in_session + ",\"seq\":" + number + "}\n");
        EXPECT_NE(got.what, verdict::command) << number.substr(0, 10);
    }
}

TEST(ndjson_hostile, the_largest_message_fits)
{
    constexpr std::size_t space = backend::incoming_record_limit - 128;
    auto const payload = pattern_bytes(space / 4 * 3);
    byte_string data(base64_size(payload.size()));
    to_base64(payload, data);
    auto const line = "{\"type\":\"data\"," + in_session + ",\"data\":\"" + text_of(data) + "\"}\n";
    ASSERT_LE(line.size(), backend::incoming_record_limit);
    auto const got = read(line);
    EXPECT_EQ(got.what, verdict::command);
    EXPECT_EQ(got.payload, payload);
}

TEST(ndjson_hostile, a_bad_line_leaves_nothing_behind)
{
    auto const format = make();
    auto const good = "{\"type\":\"data\"," + in_session + ",\"data\":\"b24=\"}\n";
    auto const closing = "{\"type\":\"close\"," + in_session + "}\n";
    auto const long_text = std::string(40'000, 'x');
    for (auto const& bad :
         {std::string{"{\"device\":\"02:00:00:00:00:01\",\"data\":\""},
          "{\"a\":\"" + long_text + "\",",
          std::string{"[[[[[[[[[["},
          "{\"device\":\"" + long_text + "\"}",
          std::string{"\n"}}) {
        EXPECT_NE(ask(*format, bad).what, verdict::command);
        EXPECT_EQ(ask(*format, good).payload, "on"_bytes);
        auto const got = ask(*format, closing);
        EXPECT_EQ(got.what, verdict::command);
        EXPECT_TRUE(got.payload.empty() && got.device.empty());
    }
}

TEST(ndjson_split, a_record_is_whole_when_its_line_end_is_there)
{
    auto const format = make();
    auto const line = text_bytes("{\"type\":\"close\"," + in_session + "}\n");
    for (std::size_t size = 0; size < line.size(); ++size)
        EXPECT_EQ(format->split(bytes{line}.first(size)).value(), 0U) << size;
    EXPECT_EQ(format->split(line).value(), line.size());
}

TEST(ndjson_split, the_first_record_is_found_whatever_follows)
{
    auto const format = make();
    auto const first = text_bytes("{\"type\":\"close\"," + in_session + "}\n");
    auto received = first;
    for (auto const byte : first) {
        received.push_back(byte);
        EXPECT_EQ(format->split(received).value(), first.size());
    }
}

TEST(ndjson_split, a_blank_line_is_a_record)
{
    EXPECT_EQ(make()->split(text_bytes("\n{}\n")).value(), 1U);
}

TEST(ndjson_split, a_line_may_be_as_long_as_the_limit)
{
    byte_string line(backend::incoming_record_limit, ' ');
    line.back() = '\n';
    EXPECT_EQ(make()->split(line).value(), line.size());
    EXPECT_EQ(make()->split(bytes{line}.first(line.size() - 1)).value(), 0U);
}

TEST(ndjson_split, a_longer_line_is_refused_before_its_end_is_there)
{
    byte_string line(backend::incoming_record_limit, ' ');
    EXPECT_EQ(make()->split(line), error::backend_too_long);
    line.push_back('\n');
    EXPECT_EQ(make()->split(line), error::backend_too_long);
}

}  // namespace
}  // namespace gatehouse::test
