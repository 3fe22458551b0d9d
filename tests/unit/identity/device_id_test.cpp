#include "base/hex.h"
#include "identity/device_id.h"

#include <gtest/gtest.h>

#include <set>

namespace gatehouse::test {
namespace {

using identity::device_id;

TEST(device_id, text_and_bytes_come_back)
{
    std::array<std::uint8_t, 6> const mac{0x02, 0x00, 0xab, 0xcd, 0xef, 0xff};
    auto const id = device_id::from_mac(mac);
    EXPECT_EQ(id.text(), "02:00:ab:cd:ef:ff");
    EXPECT_EQ(to_hex(id.raw()), "0200abcdefff");
    EXPECT_EQ(device_id::parse_mac("02:00:ab:cd:ef:ff"), id);
    EXPECT_EQ(device_id::parse_mac("02:00:AB:CD:EF:FF"), id);
}

TEST(device_id, default_is_nobody)
{
    EXPECT_TRUE(device_id{}.raw().empty());
    EXPECT_EQ(device_id{}.text(), "");
    EXPECT_NE(device_id{}, device_id::parse_mac("00:00:00:00:00:00"));
}

TEST(device_id, other_texts_are_none)
{
    for (auto const* text : {
             "",
             "*",
             "02:00:00:00:00",
             "02:00:00:00:00:0",
             "02:00:00:00:00:01:",
             "02:00:00:00:00:01:02",
             "02-00-00-00-00-01",
             "020000000001",
             "02:00:00:00:00:0g",
             " 2:00:00:00:00:01",
             "02:00:00:00:00:1 ",
             "02:0:000:00:00:01",
             "02:00:00:00:00.01",
         })
        EXPECT_FALSE(device_id::parse_mac(text)) << text;
}

TEST(device_id, hash_spreads)
{
    std::set<std::size_t> hashes;
    for (int i = 0; i < 1000; ++i) {
        std::array<std::uint8_t, 6> const mac{
            2, 0, 0, 0, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)};
        hashes.insert(std::hash<device_id>{}(device_id::from_mac(mac)));
    }
    EXPECT_EQ(hashes.size(), 1000U);
}

}  // namespace
}  // namespace gatehouse::test
