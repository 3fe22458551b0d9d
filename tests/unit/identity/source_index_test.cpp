#include "identity/source_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <initializer_list>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::test {
namespace {

using identity::source_address;
using identity::source_index;
using identity::source_range;

std::vector<source_range> ranges(std::initializer_list<std::string_view> texts)
{
    std::vector<source_range> made;
    for (auto const text : texts)
        made.push_back(source_range::parse(text).value());
    return made;
}

std::vector<std::uint32_t> found(source_index const& index, source_address const& address)
{
    std::vector<std::uint32_t> made(index.most());
    made.resize(index.find(address, made));
    return made;
}

std::vector<std::uint32_t> found(source_index const& index, std::string_view address)
{
    return found(index, source_range::parse(address).value().first());
}

using numbers = std::vector<std::uint32_t>;

TEST(source_range, text_comes_back)
{
    for (auto const text :
         {"10.1.0.0/16",
          "0.0.0.0/0",
          "192.0.2.7/32",
          "2001:db8::/32",
          "::/0",
          "::1/128",
          "fe80::/10"})
        EXPECT_EQ(source_range::parse(text).value().text(), text);
    EXPECT_EQ(source_range::parse("192.0.2.7").value().text(), "192.0.2.7/32");
    EXPECT_EQ(source_range::parse("2001:db8::1").value().text(), "2001:db8::1/128");
    EXPECT_EQ(source_range::parse("::ffff:10.0.0.0/104").value().text(), "10.0.0.0/8");
}

TEST(source_range, other_texts_are_none)
{
    for (auto const text : {
             "",
             "/",
             "10.0.0.0/",
             "10.0.0.0/33",
             "10.0.0.0/-1",
             "10.0.0.0/8 ",
             "10.0.0/8",
             "10.0.0.1/8",
             "2001:db8::1/32",
             "::/129",
             "localhost",
             "10.0.0.0/0x8",
             "10.0.0.0:80",
             "fe80::1%lo/128",
         })
        EXPECT_FALSE(source_range::parse(text)) << text;
}

TEST(source_index, narrow_ranges_come_first_and_unbound_ones_last)
{
    source_index index;
    index.add(0, {});
    index.add(1, ranges({"10.0.0.0/8"}));
    index.add(2, ranges({"10.1.0.0/16", "2001:db8::/32"}));
    index.add(3, ranges({"10.1.2.3"}));
    index.finish();
    EXPECT_EQ(found(index, "10.1.2.3"), (numbers{3, 2, 1, 0}));
    EXPECT_EQ(found(index, "10.1.2.4"), (numbers{2, 1, 0}));
    EXPECT_EQ(found(index, "10.2.2.4"), (numbers{1, 0}));
    EXPECT_EQ(found(index, "11.2.2.4"), (numbers{0}));
    EXPECT_EQ(found(index, "2001:db8:5::1"), (numbers{2, 0}));
    EXPECT_EQ(index.most(), 4U);
    numbers two(2);
    EXPECT_EQ(index.find(source_range::parse("10.1.2.3")->first(), two), 2U);
    EXPECT_EQ(two, (numbers{3, 2}));
}

TEST(source_index, a_device_counts_once_however_often_it_is_covered)
{
    source_index index;
    index.add(0, ranges({"10.1.0.0/16", "10.0.0.0/8", "10.0.0.0/8", "10.1.2.3"}));
    index.finish();
    EXPECT_EQ(index.most(), 1U);
    EXPECT_EQ(found(index, "10.1.2.3"), (numbers{0}));
}

TEST(source_index, of_nobody_finds_nobody)
{
    source_index index;
    index.finish();
    EXPECT_EQ(index.most(), 0U);
    EXPECT_TRUE(found(index, "10.1.2.3").empty());
}

// Against counting by hand, in a small world so that ranges meet: 8 bits of addresses.
TEST(source_index, agrees_with_counting)
{
    std::mt19937 draw{7};  // the same worlds each time
    for (int world = 0; world < 200; ++world) {
        std::vector<std::vector<source_range>> devices(draw() % 12);
        source_index index;
        for (std::uint32_t number = 0; number < devices.size(); ++number) {
            for (auto left = draw() % 4; left > 0; --left) {
                auto const bits = static_cast<unsigned>(120 + draw() % 9);
                source_address address{};
                address[15] = static_cast<std::uint8_t>(draw());
                std::array<char, 64> text{};
                std::snprintf(
                    text.data(), text.size(), "::%x/%u", identity::masked(address, bits)[15], bits
                );
                devices[number].push_back(source_range::parse(text.data()).value());
            }
            index.add(number, devices[number]);
        }
        index.finish();
        std::size_t most = 0;
        for (unsigned last = 0; last < 256; ++last) {
            source_address address{};
            address[15] = static_cast<std::uint8_t>(last);
            numbers expected;
            for (std::uint32_t number = 0; number < devices.size(); ++number)
                if (devices[number].empty() ||
                    std::any_of(devices[number].begin(), devices[number].end(), [&](auto const& r) {
                        return r.covers(address);
                    }))
                    expected.push_back(number);
            auto got = found(index, address);
            std::sort(got.begin(), got.end());
            EXPECT_EQ(got, expected) << "world " << world << ", address " << last;
            most = std::max(most, expected.size());
        }
        EXPECT_EQ(index.most(), most) << "world " << world;
    }
}

}  // namespace
}  // namespace gatehouse::test
