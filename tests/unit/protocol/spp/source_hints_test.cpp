#include "protocol/spp/source_hints.h"

#include <gtest/gtest.h>

#include <vector>

namespace gatehouse::test {
namespace {

identity::source_address source(std::uint8_t last)
{
    return {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, last};
}

identity::public_key key(std::uint8_t fill)
{
    identity::public_key made{};
    made.fill(fill);
    return made;
}

// The keys that are remembered for a source, by their first byte, last seen first.
std::vector<int> known(spp::source_hints const& hints, std::uint8_t from)
{
    std::vector<identity::public_key> keys{key(99)};
    hints.look_up(source(from), keys);
    std::vector<int> found;
    for (auto const& one : keys)
        found.push_back(one.front());
    return found;
}

using list = std::vector<int>;

TEST(spp_source_hints, know_nothing_at_first)
{
    EXPECT_TRUE(known(spp::source_hints(16, 4), 1).empty());
}

TEST(spp_source_hints, give_the_last_seen_first)
{
    spp::source_hints hints{16, 4};
    for (auto const one : std::initializer_list<std::uint8_t>{1, 2, 3, 1})
        hints.learn(source(9), key(one));
    EXPECT_EQ(known(hints, 9), (list{1, 3, 2}));
    EXPECT_TRUE(known(hints, 8).empty());
}

TEST(spp_source_hints, forget_the_one_seen_longest_ago)
{
    spp::source_hints hints{16, 4};
    for (std::uint8_t one = 1; one <= 6; ++one)
        hints.learn(source(9), key(one));
    EXPECT_EQ(known(hints, 9), (list{6, 5, 4, 3}));
}

TEST(spp_source_hints, sources_of_one_set_share_its_room)
{
    spp::source_hints hints{1, 4};
    for (std::uint8_t one = 1; one <= 3; ++one)
        hints.learn(source(one), key(one));
    for (std::uint8_t one = 1; one <= 3; ++one)
        EXPECT_EQ(known(hints, one), (list{one}));
    hints.learn(source(4), key(4));
    hints.learn(source(5), key(5));
    EXPECT_TRUE(known(hints, 1).empty());
    EXPECT_EQ(known(hints, 2), (list{2}));
    for (std::uint8_t one = 3; one <= 5; ++one)
        EXPECT_EQ(known(hints, one), (list{one}));
}

TEST(spp_source_hints, a_device_that_moves_is_known_at_both_places)
{
    spp::source_hints hints{1024, 8};
    hints.learn(source(1), key(7));
    hints.learn(source(2), key(7));
    EXPECT_EQ(known(hints, 1), (list{7}));
    EXPECT_EQ(known(hints, 2), (list{7}));
}

TEST(spp_source_hints, are_the_same_after_a_save)
{
    spp::source_hints before{16, 4};
    for (std::uint8_t one = 1; one <= 6; ++one)
        before.learn(source(9), key(one));
    before.learn(source(8), key(7));
    spp::source_hints after{16, 4};
    EXPECT_TRUE(after.load(before.save()));
    EXPECT_EQ(known(after, 9), (list{6, 5, 4, 3}));
    EXPECT_EQ(known(after, 8), (list{7}));
    EXPECT_TRUE(after.load(spp::source_hints(16, 4).save())) << "of one that knew nothing";
}

TEST(spp_source_hints, take_no_spoilt_save)
{
    spp::source_hints before{16, 4};
    before.learn(source(9), key(1));
    auto const saved = before.save();
    spp::source_hints after{16, 4};
    EXPECT_FALSE(after.load({}));
    for (std::size_t length = 0; length < saved.size(); ++length)
        EXPECT_FALSE(after.load(bytes{saved}.first(length))) << length;
    for (std::size_t i = 0; i < saved.size(); ++i) {
        auto spoilt = saved;
        spoilt[i] ^= 1;
        EXPECT_FALSE(after.load(spoilt)) << i;
    }
    EXPECT_TRUE(known(after, 9).empty());
}

}  // namespace
}  // namespace gatehouse::test
