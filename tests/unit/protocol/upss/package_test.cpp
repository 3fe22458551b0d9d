// lib/protocol/upss: where a package ends, what it says, how one is written.
#include "protocol/upss/limits.h"
#include "protocol/upss/package_reader.h"
#include "protocol/upss/package_scan.h"
#include "protocol/upss/package_writer.h"
#include "support/byte_string.h"
#include "support/readable_error.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using upss::package_scan;

constexpr std::size_t limit = 256;

TEST(upss_package_scan, finds_the_end_however_the_package_arrives)
{
    std::string const whole = R"({"a": "}\"{\\", "b": [{"c": 1}, "]"]})";
    std::string const more = whole + R"({"next": 1})";
    EXPECT_EQ(package_scan{}.look(as_bytes(more), limit), whole.size());
    for (std::size_t first = 0; first < whole.size(); ++first) {
        package_scan scan;
        EXPECT_EQ(scan.look(as_bytes(whole).first(first), limit), 0U);
        EXPECT_EQ(scan.look(as_bytes(more), limit), whole.size()) << first;
    }
}

TEST(upss_package_scan, refuses_what_is_no_object_too_long_or_too_deep)
{
    for (auto const* text : {"[1]", "x", "\"a\"", "}", "\xef\xbb\xbf{}"})
        EXPECT_EQ(package_scan{}.look(as_bytes(text), limit).error(), error::malformed_magic);
    auto const long_one = "{\"a\": \"" + std::string(limit, 'x');
    EXPECT_EQ(package_scan{}.look(as_bytes(long_one), limit).error(), error::malformed_oversize);
    auto const deep = "{\"a\":" + std::string(upss::limits::nesting, '[');
    EXPECT_EQ(package_scan{}.look(as_bytes(deep), limit).error(), error::malformed_oversize);
    auto const fits = "{" + std::string(limit - 2, ' ') + "}";
    EXPECT_EQ(package_scan{}.look(as_bytes(fits), limit), limit);
    auto const does_not = "{" + std::string(limit - 1, ' ') + "}";
    EXPECT_EQ(package_scan{}.look(as_bytes(does_not), limit).error(), error::malformed_oversize);
}

TEST(upss_package_scan, blanks_are_those_of_json)
{
    EXPECT_EQ(upss::leading_blanks(as_bytes(" \t\r\n{")), 4U);
    EXPECT_EQ(upss::leading_blanks(as_bytes("\v{")), 0U);
    EXPECT_EQ(upss::leading_blanks({}), 0U);
}

TEST(upss_package_reader, finds_the_members_that_count)
{
    upss::package_reader reader{1024};
    auto const found = reader.read(as_bytes(
        R"( {"x": 0, "data": {"msg": "a", "key": "b", "status": "c", "action": "d", "e": 1},)"
        R"( "type": "SEND", "path": "/\u00e9"} )"
    ));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->path, "/\xc3\xa9");
    EXPECT_EQ(found->type, "SEND");
    EXPECT_EQ(as_text(found->message), "a");
    EXPECT_EQ(as_text(found->key), "b");
    EXPECT_EQ(found->status, "c");
    EXPECT_EQ(found->action, "d");
    EXPECT_EQ(as_text(reader.plain()), R"({"key":"b","status":"c","action":"d","e":1})");
}

TEST(upss_package_reader, takes_no_member_of_another_kind)
{
    upss::package_reader reader{1024};
    auto const found =
        reader.read(as_bytes(R"({"path": "/", "type": "T", "data": {"msg": 1, "status": null}})"));
    ASSERT_TRUE(found);
    EXPECT_FALSE(found->has_message);
    EXPECT_TRUE(found->status.empty());
    auto const scalar = reader.read(as_bytes(R"({"path": "/", "type": "T", "data": [1]})"));
    ASSERT_TRUE(scalar);
    EXPECT_TRUE(reader.plain().empty());
}

TEST(upss_package_reader, values_that_cost_more_than_their_text_are_read_all_the_same)
{
    std::string many = R"({"path": "/", "type": "T", "data": [0)";
    for (int i = 0; i < 20'000; ++i)
        many += ",0";
    many += "]}";
    upss::package_reader reader{1024};
    EXPECT_TRUE(reader.read(as_bytes(many)));
    EXPECT_TRUE(reader.read(as_bytes(R"({"path": "/", "type": "T", "data": 1})")));
}

TEST(upss_package_writer, escapes_as_the_reference_does)
{
    wire_buffer out;
    upss::write_package(
        {"/", upss::package_type::status, "status"}, "\"\\\n\x7f\xf0\x9f\x98\x80\xff", out
    );
    EXPECT_EQ(out.frames(), 1U);
    EXPECT_NE(text_of(out.all()).find(R"("\"\\\n\u007f\ud83d\ude00\ufffd")"), std::string::npos)
        << text_of(out.all());
}

}  // namespace
}  // namespace gatehouse::test
