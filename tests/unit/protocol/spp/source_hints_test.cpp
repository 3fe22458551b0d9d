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
    std::vector<int> found;
    for (auto const& hint : hints.near(source(from)))
        if (hint.from == source(from))
            found.push_back(hint.key.front());
    return found;
}

using list = std::vector<int>;

TEST(spp_source_hints, know_nothing_at_first)
{
    EXPECT_TRUE(spp::source_hints(16, 4).near(source(1)).empty());
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
    EXPECT_EQ(hints.near(source(2)).size(), 4U) << "never more than a set holds";
}

TEST(spp_source_hints, a_device_that_moves_is_known_at_both_places)
{
    spp::source_hints hints{1024, 8};
    hints.learn(source(1), key(7));
    hints.learn(source(2), key(7));
    EXPECT_EQ(known(hints, 1), (list{7}));
    EXPECT_EQ(known(hints, 2), (list{7}));
}

}  // namespace
}  // namespace gatehouse::test
