#include "ctl/document.h"
#include "ctl/failure.h"
#include "ctl/request_body.h"

#include <gtest/gtest.h>

#include <string>

namespace gatehouse::ctl {

namespace {

TEST(ctl_document, only_one_object_is_a_document)
{
    for (auto const* const wrong :
         {"", "[]", "7", "{", "{} {}", "{\"a\":\"\x1b\"}", "{\"a\":\"\xff\"}"})
        EXPECT_THROW(parse_document(wrong), failure) << wrong;
    EXPECT_THROW(parse_document(std::string(10'000, '[')), failure);
    EXPECT_TRUE(parse_document(" {} \n").empty());
}

TEST(ctl_document, what_is_missing_or_of_another_type_is_absent)
{
    auto const from = parse_document(R"({"text": 1, "number": "1", "object": [], "array": {}})");
    for (auto const* const key : {"text", "number", "object", "array", "none"}) {
        EXPECT_TRUE(object_in(from, key).empty() || std::string{key} == "array");
        EXPECT_TRUE(array_in(from, key).empty());
    }
    EXPECT_EQ(text_in(from, "text"), "");
    EXPECT_EQ(number_in(from, "number"), std::nullopt);
}

TEST(ctl_document, cells_show_every_kind_of_value)
{
    auto const from = parse_document(
        R"({"a": null, "b": "", "c": "x\ny", "d": true, "e": 12, "f": 3.0, "g": 0.5, "h": -1})"
    );
    EXPECT_EQ(cell(from, "none"), "-");
    EXPECT_EQ(cell(from, "a"), "-");
    EXPECT_EQ(cell(from, "b"), "-");
    EXPECT_EQ(cell(from, "c"), "x\\ny");
    EXPECT_EQ(cell(from, "d"), "yes");
    EXPECT_EQ(cell(from, "e"), "12");
    EXPECT_EQ(cell(from, "f"), "3");
    EXPECT_EQ(cell(from, "g"), "5E-1");
    EXPECT_EQ(cell(from, "h"), "-1");
    EXPECT_EQ(cell(boost::json::value(1e300)), "1E300");
}

TEST(ctl_document, requests_hold_what_was_given)
{
    request_body inner;
    inner.add("secret", std::string_view{"a\"b"});
    request_body body;
    body.add("device", std::string_view{"d1"});
    body.add("name", std::optional<std::string_view>{});
    body.add("key", inner);
    body.add("long", std::string_view{std::string(5000, 'x')});
    auto const text = body.text();
    EXPECT_TRUE(text.starts_with(R"({"device":"d1","key":{"secret":"a\"b"},"long":"xxx)"));
    EXPECT_EQ(text_in(parse_document(text), "long").size(), 5000U);
}

}  // namespace

}  // namespace gatehouse::ctl
