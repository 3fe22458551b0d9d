#include "net/session_lines.h"

#include <gtest/gtest.h>

#include <chrono>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using about = session_lines::about;

constexpr time_point start{1'000s};

identity::device_id device(std::uint32_t number)
{
    std::array<std::uint8_t, 6> const mac{
        2,
        0,
        static_cast<std::uint8_t>(number >> 24),
        static_cast<std::uint8_t>(number >> 16),
        static_cast<std::uint8_t>(number >> 8),
        static_cast<std::uint8_t>(number),
    };
    return identity::device_id::from_mac(mac);
}

peer_address const here = peer_address::v4({192, 0, 2, 1}, 1'000);
peer_address const there = peer_address::v4({192, 0, 2, 2}, 1'000);

TEST(session_lines, of_one_device_some_are_written_and_the_others_counted)
{
    session_lines lines{42};
    for (std::uint32_t i = 0; i < session_lines::of_a_device.lines; ++i)
        EXPECT_EQ(lines.allow(start, about::opened, device(1), here), 0U);
    for (int i = 0; i < 7; ++i)
        EXPECT_FALSE(lines.allow(start + 9s, about::opened, device(1), here));
    EXPECT_EQ(lines.allow(start + 10s, about::opened, device(1), here), 7U);
    EXPECT_EQ(lines.allow(start + 10s, about::opened, device(1), here), 0U);
}

TEST(session_lines, beginnings_and_ends_count_apart)
{
    session_lines lines{42};
    for (std::uint32_t i = 0; i < 2 * session_lines::of_a_device.lines; ++i)
        lines.allow(start, about::opened, device(1), here);
    EXPECT_EQ(lines.allow(start, about::closed, device(1), here), 0U);
}

TEST(session_lines, another_port_or_address_makes_no_other_device)
{
    session_lines lines{42};
    for (std::uint16_t i = 0; i < session_lines::of_a_device.lines; ++i)
        lines.allow(start, about::opened, device(1), peer_address::v4({192, 0, 2, 1}, i));
    EXPECT_FALSE(lines.allow(start, about::opened, device(1), there));
}

TEST(session_lines, a_fleet_that_comes_at_once_writes_all_of_its_lines)
{
    session_lines lines{42};
    for (std::uint32_t i = 0; i < 20'000; ++i) {
        ASSERT_TRUE(lines.allow(start, about::opened, device(i), here)) << i;
        ASSERT_TRUE(lines.allow(start, about::closed, device(i), here)) << i;
    }
}

TEST(session_lines, who_comes_and_goes_is_known_among_a_fleet)
{
    session_lines lines{42};
    std::uint64_t written = 0;
    for (std::uint32_t i = 0; i < 20'000; ++i) {
        lines.allow(start + i * 100us, about::opened, device(1'000 + i / 2), there);
        if (lines.allow(start + i * 100us, about::opened, device(1), here))
            ++written;
    }
    EXPECT_LE(written, 100U);
}

TEST(session_lines, of_one_source_with_very_many_devices_some_are_left_out)
{
    session_lines lines{42};
    std::uint32_t written = 0;
    for (std::uint32_t i = 0; i < 2 * session_lines::of_a_source.lines; ++i)
        written += lines.allow(start, about::opened, device(i), here) ? 1U : 0U;
    EXPECT_EQ(written, session_lines::of_a_source.lines);
    EXPECT_TRUE(lines.allow(start, about::opened, device(1), there)) << "elsewhere";
    auto const left_out =
        lines.allow(start + session_lines::of_a_source.window, about::opened, device(7), here);
    EXPECT_EQ(left_out, session_lines::of_a_source.lines);
}

}  // namespace
}  // namespace gatehouse::test
