#include "base/half_frame.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace gatehouse::test {
namespace {

std::vector<std::uint8_t> pattern(std::size_t size)
{
    std::vector<std::uint8_t> made(size);
    for (std::size_t i = 0; i < size; ++i)
        made[i] = static_cast<std::uint8_t>(3 * i + 1);
    return made;
}

class half_frame_test : public testing::Test {
protected:
    void TearDown() override { kept.release(blocks); }

    void keep(bytes rest, unfinished::part what = unfinished::part::of_the_same)
    {
        kept.keep(rest, blocks, {this, [](void*) {}}, what);
    }

    void expect_contents(bytes expected) const
    {
        EXPECT_TRUE(std::ranges::equal(kept.contents(), expected));
        EXPECT_EQ(kept.size(), expected.size());
    }

    block_pool blocks{4};
    half_frame kept;
};

TEST_F(half_frame_test, holds_nothing_at_first_and_after_release)
{
    EXPECT_TRUE(kept.empty());
    for (std::size_t const size : {1U, 5000U}) {
        keep(pattern(size));
        EXPECT_FALSE(kept.empty());
        kept.release(blocks);
        EXPECT_TRUE(kept.empty());
        EXPECT_FALSE(kept.is_large());
    }
}

TEST_F(half_frame_test, keeps_what_fits_in_a_block_there_and_more_on_the_heap)
{
    for (auto const size : {std::size_t{1}, block_size, block_size + 1, std::size_t{70000}}) {
        auto const data = pattern(size);
        keep(data);
        EXPECT_EQ(kept.is_large(), size > block_size);
        expect_contents(data);
    }
}

TEST_F(half_frame_test, grows_as_more_arrives)
{
    auto const whole = pattern(65580);
    keep(bytes{whole}.first(2100));
    std::size_t have = 2100;
    while (have < whole.size()) {
        auto const space = kept.space();
        ASSERT_GE(space.size(), half_frame::least_space);
        ASSERT_LE(space.size(), have + half_frame::least_space) << "no more than twice what came";
        auto const more = std::min({space.size(), std::size_t{1448}, whole.size() - have});
        std::copy_n(whole.begin() + static_cast<std::ptrdiff_t>(have), more, space.begin());
        have += more;
        auto const all = kept.grown(more);
        EXPECT_EQ(all.size(), have);
        keep(all);
    }
    expect_contents(whole);
}

// What a session leaves over of a large frame: the end of what was kept.
TEST_F(half_frame_test, keeps_the_end_of_itself)
{
    auto const data = pattern(10000);
    for (std::size_t const rest : {9999U, 5000U, 2049U, 2048U, 1U, 0U}) {
        keep(data);
        keep(kept.contents().last(rest));
        EXPECT_EQ(kept.is_large(), rest > block_size);
        expect_contents(bytes{data}.last(rest));
    }
}

TEST_F(half_frame_test, counts_its_memory_among_what_is_unfinished)
{
    keep(pattern(1));
    EXPECT_EQ(blocks.parts().size(), block_size);
    keep(pattern(10000));
    EXPECT_GE(blocks.parts().size(), 10000U);
    kept.set_aside();
    EXPECT_TRUE(kept.empty());
    EXPECT_NE(blocks.parts().size(), 0U) << "its place stays";
    keep(pattern(1));
    EXPECT_EQ(blocks.parts().size(), block_size);
    keep({});
    EXPECT_EQ(blocks.parts().size(), 0U);
}

TEST_F(half_frame_test, nothing_to_keep_gives_all_memory_back)
{
    keep(pattern(100));
    keep({});
    EXPECT_TRUE(kept.empty());
}

}  // namespace
}  // namespace gatehouse::test
