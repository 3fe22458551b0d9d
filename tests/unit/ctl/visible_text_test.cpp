#include "ctl/visible_text.h"

#include <gtest/gtest.h>

#include <string>

namespace gatehouse::ctl {

namespace {

TEST(ctl_visible_text, ordinary_text_is_untouched)
{
    for (std::string const text : {"", "boiler-17", "Größe 5 €", "日本語", "\xf0\x9f\x94\xa5"})
        EXPECT_EQ(visible(text), text);
}

TEST(ctl_visible_text, controls_are_escaped)
{
    EXPECT_EQ(visible("a\x1b[31m\x07"), "a\\x1b[31m\\x07");
    EXPECT_EQ(visible("a\r\n\tb"), "a\\x0d\\n\\tb");
    EXPECT_EQ(visible(std::string_view{"\0", 1}), "\\x00");
    EXPECT_EQ(visible("\x7f"), "\\x7f");
    EXPECT_EQ(visible("\u009b31m"), "\\u009b31m");
    EXPECT_EQ(visible("a\\x1b"), "a\\\\x1b");
}

TEST(ctl_visible_text, text_cannot_turn_around_or_hide)
{
    EXPECT_EQ(visible("a\u202eb"), "a\\u202eb");
    EXPECT_EQ(visible("\u2066\u200b\ufeff\u2028"), "\\u2066\\u200b\\ufeff\\u2028");
    EXPECT_EQ(visible("\U000e0041"), "\\U000e0041");
}

TEST(ctl_visible_text, invalid_utf8_is_escaped_byte_by_byte)
{
    EXPECT_EQ(visible("\xff"), "\\xff");
    EXPECT_EQ(visible("\xc3"), "\\xc3");
    EXPECT_EQ(visible("\xc0\x80"), "\\xc0\\x80");
    EXPECT_EQ(visible("\xed\xa0\x80"), "\\xed\\xa0\\x80");
    EXPECT_EQ(visible("\xe2\x82"), "\\xe2\\x82");
    EXPECT_EQ(visible("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
}

TEST(ctl_visible_text, documents_keep_their_meaning)
{
    EXPECT_EQ(visible_document("{\"a\\n\": \"\\u001b\"}\n"), "{\"a\\n\": \"\\u001b\"}\n");
    EXPECT_EQ(visible_document("\"\u009b\u202e\x7f\""), "\"\\u009b\\u202e\\u007f\"");
    EXPECT_EQ(visible_document("\"\U000e0041\""), "\"\\udb40\\udc41\"");
}

TEST(ctl_visible_text, widths_are_code_points)
{
    EXPECT_EQ(display_width("größe"), 5U);
    EXPECT_EQ(cut_to("größe", 5), "größe");
    EXPECT_EQ(cut_to("größe", 4), "grö…");
    EXPECT_EQ(cut_to("größe", 3), "gr…");
    EXPECT_EQ(cut_to("größe", 1), "…");
    EXPECT_EQ(cut_to("größe", 0), "");
}

}  // namespace

}  // namespace gatehouse::ctl
