#include "config/values.h"

#include <gtest/gtest.h>

namespace gatehouse::config {

namespace {

using std::chrono::sys_days;
using namespace std::chrono_literals;

TEST(duration_text, names_each_unit)
{
    EXPECT_EQ(parse_duration("500ms"), 500ms);
    EXPECT_EQ(parse_duration("10s"), 10s);
    EXPECT_EQ(parse_duration("5m"), 5min);
    EXPECT_EQ(parse_duration("24h"), 24h);
    EXPECT_EQ(parse_duration("7d"), 168h);
    EXPECT_EQ(parse_duration("366d"), longest_duration);
}

TEST(duration_text, is_refused_in_any_other_form)
{
    for (auto const* const wrong :
         {"",
          "10",
          "s",
          "0s",
          "0ms",
          "-5s",
          "+5s",
          "1.5s",
          "5 s",
          " 5s",
          "5S",
          "5sec",
          "1h30m",
          "010s",
          "367d",
          "99999999999999999999d",
          "18446744073709551615d",
          "1e3s"})
        EXPECT_EQ(parse_duration(wrong), std::nullopt) << wrong;
}

TEST(size_text, names_each_unit)
{
    EXPECT_EQ(parse_size("512B"), 512U);
    EXPECT_EQ(parse_size("64KiB"), 65'536U);
    EXPECT_EQ(parse_size("1MiB"), 1'048'576U);
    EXPECT_EQ(parse_size("2GiB"), std::uint64_t{2} << 30);
}

TEST(size_text, is_refused_in_any_other_form)
{
    for (auto const* const wrong :
         {"",
          "64",
          "KiB",
          "64kb",
          "64KB",
          "1.5MiB",
          "-1MiB",
          "1 MiB",
          "01KiB",
          "18446744073709551615KiB",
          "99999999999999999999B"})
        EXPECT_EQ(parse_size(wrong), std::nullopt) << wrong;
}

TEST(number_text, is_digits_only)
{
    EXPECT_EQ(parse_number("0"), 0U);
    EXPECT_EQ(parse_number("18446744073709551615"), 18'446'744'073'709'551'615U);
    for (auto const* const wrong :
         {"", "-1", "+1", "01", "0x10", "1e3", "1_000", "1.0", " 1", "1 ", "18446744073709551616"})
        EXPECT_EQ(parse_number(wrong), std::nullopt) << wrong;
}

TEST(endpoint_text, splits_address_and_port)
{
    auto const v4 = parse_endpoint("192.0.2.1:9000");
    ASSERT_TRUE(v4);
    EXPECT_EQ(v4->ip, "192.0.2.1");
    EXPECT_EQ(v4->port, 9000);
    auto const v6 = parse_endpoint("[2001:db8::1]:65535");
    ASSERT_TRUE(v6);
    EXPECT_EQ(v6->ip, "2001:db8::1");
    EXPECT_EQ(v6->port, 65535);
    auto const any = parse_endpoint("[::]:0");
    ASSERT_TRUE(any);
    EXPECT_EQ(any->ip, "::");
    EXPECT_EQ(any->port, 0);
}

TEST(endpoint_text, has_one_form_for_one_address)
{
    auto const long_form = parse_endpoint("[2001:0DB8:0:0:0:0:0:1]:1");
    ASSERT_TRUE(long_form);
    EXPECT_EQ(long_form->ip, "2001:db8::1");
}

TEST(endpoint_text, may_have_a_name)
{
    for (auto const* const name :
         {"localhost", "eth0", "lo", "br-1a2b", "gw.example.org", "enp3s0.100"}) {
        auto const found = parse_endpoint(std::string{name} + ":9000");
        ASSERT_TRUE(found) << name;
        EXPECT_EQ(found->name, name);
        EXPECT_EQ(found->ip, "");
        EXPECT_EQ(found->written(), std::string{name} + ":9000");
    }
    EXPECT_EQ(parse_endpoint("127.0.0.1:9000")->written(), "");
}

TEST(endpoint_text, is_refused_without_host_and_port)
{
    using namespace std::string_view_literals;
    for (auto const wrong :
         {""sv,
          ":9000"sv,
          "9000"sv,
          "0.0.0.0"sv,
          "0.0.0.0:"sv,
          "0.0.0.0:65536"sv,
          "0.0.0.0:-1"sv,
          "0.0.0.0:http"sv,
          "*:9000"sv,
          "::1:9000"sv,
          "[::1]"sv,
          "[::1:9000"sv,
          "[]:9000"sv,
          "[lo]:9000"sv,
          "two words:1"sv,
          "[0.0.0.0]:9000"sv,
          "256.0.0.1:1"sv,
          "1.2.3:1"sv,
          "0.0.0.0\0:1"sv,
          "[fe80::1%eth0]:1"sv})
        EXPECT_FALSE(parse_endpoint(wrong)) << wrong;
}

TEST(time_text, is_rfc_3339)
{
    auto const december = sys_days{std::chrono::year{2026} / 12 / 1};
    EXPECT_EQ(parse_time("2026-12-01T00:00:00Z"), december);
    EXPECT_EQ(parse_time("2026-12-01t01:02:03z"), december + 1h + 2min + 3s);
    EXPECT_EQ(parse_time("2026-12-01T00:00:00.999Z"), december);
    EXPECT_EQ(parse_time("2026-12-01T01:30:00+01:30"), december);
    EXPECT_EQ(parse_time("2026-11-30T22:00:00-02:00"), december);
    EXPECT_EQ(parse_time("2024-02-29T00:00:00Z"), sys_days{std::chrono::year{2024} / 2 / 29});
}

TEST(time_text, is_refused_in_any_other_form)
{
    for (auto const* const wrong :
         {"",
          "2026-12-01",
          "2026-12-01T00:00:00",
          "2026-12-01 00:00:00Z",
          "2026-12-01T00:00Z",
          "2026-13-01T00:00:00Z",
          "2026-00-01T00:00:00Z",
          "2026-02-29T00:00:00Z",
          "2026-12-01T24:00:00Z",
          "2026-12-01T00:60:00Z",
          "2026-12-01T00:00:60Z",
          "2026-12-01T00:00:00.Z",
          "2026-12-01T00:00:00+0100",
          "2026-12-01T00:00:00+24:00",
          "2026-12-01T00:00:00Zx",
          "26-12-01T00:00:00Z",
          "tomorrow"})
        EXPECT_EQ(parse_time(wrong), std::nullopt) << wrong;
}

TEST(label, is_printable_without_spaces_and_bounded)
{
    EXPECT_TRUE(is_label("2026-11"));
    EXPECT_TRUE(is_label(std::string(64, 'x')));
    EXPECT_FALSE(is_label(""));
    EXPECT_FALSE(is_label("a b"));
    EXPECT_FALSE(is_label("a\tb"));
    EXPECT_FALSE(is_label("\x7f"));
    EXPECT_FALSE(is_label("gr\xc3\xbcn"));
    EXPECT_FALSE(is_label(std::string(65, 'x')));
}

}  // namespace

}  // namespace gatehouse::config
