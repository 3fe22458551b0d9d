#include "base/hex.h"
#include "identity/device_id.h"
#include "identity/psk_device.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <type_traits>

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

TEST(device_id, names_come_back_whatever_their_length)
{
    static_assert(sizeof(device_id) == 16 && std::is_trivially_copyable_v<device_id>);
    for (std::size_t size = 1; size <= identity::longest_device_name; ++size) {
        auto const name = std::string(size - 1, 'm') + '7';
        auto const id = device_id::from_name(name);
        device_id::text_buffer buffer;
        EXPECT_EQ(id.text(), name);
        EXPECT_EQ(id.text(buffer), name);
        EXPECT_EQ(device_id::from_name(std::string{name}), id);
        EXPECT_EQ(device_id::find(name), id);
        EXPECT_TRUE(id.raw().empty()) << "bytes are for derived keys, which no name has";
        EXPECT_EQ(hash_value(id), hash_value(device_id::from_name(name)));
        EXPECT_NE(id, device_id::from_name(std::string(size, 'n')));
    }
}

TEST(device_id, a_name_is_never_six_bytes)
{
    std::array<std::uint8_t, 6> const mac{'m', 'e', 't', 'e', 'r', '4'};
    EXPECT_NE(device_id::from_name("meter4"), device_id::from_mac(mac));
    EXPECT_FALSE(device_id::is_name("02:00:00:00:00:01"));
    EXPECT_FALSE(device_id::is_name("02:00:00:00:00:AB"));
    EXPECT_EQ(device_id::find("02:00:00:00:00:AB"), device_id::parse_mac("02:00:00:00:00:ab"));
}

TEST(device_id, other_texts_are_no_names)
{
    for (auto const name : {"meter-4", "a", "*", "02:00:00:00:00", "[x]{y}#~!"})
        EXPECT_TRUE(device_id::is_name(name)) << name;
    EXPECT_TRUE(device_id::is_name(std::string(128, 'x')));
    for (auto const name :
         {"", " ", "a b", "a\tb", "a\"b", "a'b", "a`b", "a\\b", "a/b", "\x7f", "\xc3\xa4"})
        EXPECT_FALSE(device_id::is_name(name)) << name;
    EXPECT_FALSE(device_id::is_name(std::string_view{"a\0b", 3}));
    EXPECT_FALSE(device_id::is_name(std::string(129, 'x')));
}

TEST(device_id, looking_up_remembers_nothing)
{
    auto const unheard = std::string(40, 'u');
    EXPECT_FALSE(device_id::find(unheard));
    EXPECT_FALSE(device_id::find(unheard));
    EXPECT_FALSE(device_id::find("no name"));
    auto const known = device_id::from_name(unheard);
    EXPECT_EQ(device_id::find(unheard), known);
}

TEST(device_id, stands_in_the_order_of_the_texts)
{
    std::vector<std::string> const texts{
        "02:00:00:00:00:01",
        "02:00:00:00:00:0a",
        "0a:00:00:00:00:00",
        "a",
        "meter-4",
        "meter-4-with-a-long-name-of-its-own",
        "z",
    };
    std::vector<identity::device_id> ids;
    for (auto const& text : texts) {
        auto const mac = identity::device_id::parse_mac(text);
        ids.push_back(mac ? *mac : identity::device_id::from_name(text));
    }
    for (std::size_t i = 0; i < ids.size(); ++i)
        for (std::size_t j = 0; j < ids.size(); ++j)
            EXPECT_EQ(ids[i].precedes(ids[j]), i < j) << texts[i] << ' ' << texts[j];
}

}  // namespace
}  // namespace gatehouse::test
