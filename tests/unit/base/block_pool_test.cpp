#include "base/block_pool.h"
#include "support/byte_string.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace gatehouse::test {
namespace {

TEST(block_pool, a_block_fills_from_the_front)
{
    block_pool pool{1};
    auto lent = pool.take();
    ASSERT_TRUE(lent);
    EXPECT_EQ(lent.size(), 0U);
    EXPECT_TRUE(lent.append(text_bytes("one ")));
    EXPECT_TRUE(lent.append({}));
    EXPECT_TRUE(lent.append(text_bytes("two")));
    EXPECT_EQ(text_of(std::as_const(lent).contents()), "one two");
}

TEST(block_pool, a_block_takes_no_more_than_its_size)
{
    block_pool pool{1};
    auto lent = pool.take();
    EXPECT_FALSE(lent.append(byte_string(block_size + 1)));
    EXPECT_EQ(lent.size(), 0U);
    EXPECT_TRUE(lent.append(byte_string(block_size - 1, 1)));
    EXPECT_FALSE(lent.append(byte_string(2)));
    EXPECT_EQ(lent.size(), block_size - 1);
    EXPECT_TRUE(lent.append(byte_string(1, 2)));
    EXPECT_FALSE(lent.append(byte_string(1)));
    EXPECT_EQ(lent.contents().back(), 2);
}

TEST(block_pool, default_and_moved_from_blocks_hold_nothing)
{
    block_pool pool{1};
    block nothing;
    EXPECT_FALSE(nothing);
    nothing.release();

    auto lent = pool.take();
    EXPECT_TRUE(lent.append(text_bytes("abc")));
    auto const* memory = lent.contents().data();
    block moved{std::move(lent)};
    EXPECT_FALSE(lent);  // NOLINT(bugprone-use-after-move): it is what is tested
    EXPECT_EQ(lent.size(), 0U);
    EXPECT_EQ(moved.contents().data(), memory) << "views stay valid";

    nothing = std::move(moved);
    EXPECT_EQ(text_of(nothing.contents()), "abc");
    auto& same = nothing;
    nothing = std::move(same);
    EXPECT_EQ(text_of(nothing.contents()), "abc");
}

TEST(block_pool, memory_is_used_again_and_wiped)
{
    block_pool pool{1};
    std::uint8_t* memory = nullptr;
    {
        auto lent = pool.take();
        EXPECT_TRUE(lent.append(text_bytes("secret")));
        memory = lent.contents().data();
    }
    auto again = pool.take();
    EXPECT_TRUE(again.append(byte_string(1, 0x41)));
    ASSERT_EQ(again.contents().data(), memory);
    EXPECT_EQ(text_of({memory, 6}), (std::string{"A\0\0\0\0\0", 6}));
}

TEST(block_pool, assignment_gives_the_old_block_back)
{
    block_pool pool{2};
    auto lent = pool.take();
    EXPECT_TRUE(lent.append(text_bytes("x")));
    auto const* first = lent.contents().data();
    lent = pool.take();
    auto reused = pool.take();
    EXPECT_TRUE(reused.append(text_bytes("y")));
    EXPECT_EQ(reused.contents().data(), first);
}

TEST(block_pool, keeps_only_so_many_spare)
{
    block_pool pool{0};
    pool.take();
    std::vector<block> many;
    for (int i = 0; i < 10; ++i)
        many.push_back(pool.take());
    many.clear();  // back to the heap; the sanitizer would see a leak
}

}  // namespace
}  // namespace gatehouse::test
