#include "base/chunk_pool.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <set>
#include <vector>

namespace gatehouse::test {
namespace {

TEST(chunk_pool, sets_its_reserve_aside_at_once)
{
    chunk_pool const pool{100, 3};
    EXPECT_EQ(pool.ready(), 3U);
}

TEST(chunk_pool, lends_the_reserve_first_and_then_the_heap)
{
    chunk_pool pool{100, 2};
    std::vector<void*> lent;
    for (std::size_t left : {1U, 0U, 0U, 0U}) {
        lent.push_back(pool.take());
        EXPECT_EQ(pool.ready(), left);
        // Whole, its own, and aligned for anything.
        std::memset(lent.back(), 0xaa, 100);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(lent.back()) % alignof(std::max_align_t), 0U);
    }
    EXPECT_EQ((std::set<void*>{lent.begin(), lent.end()}.size()), 4U);
    for (auto* chunk : lent)
        pool.give_back(chunk);
    EXPECT_EQ(pool.ready(), 2U);
}

TEST(chunk_pool, what_comes_back_is_lent_again)
{
    chunk_pool pool{100, 1};
    auto* first = pool.take();
    pool.give_back(first);
    EXPECT_EQ(pool.take(), first);
    pool.give_back(first);
}

TEST(chunk_pool, fills_the_place_of_one_that_is_kept)
{
    chunk_pool pool{100, 2};
    auto* kept = pool.take();
    EXPECT_EQ(pool.ready(), 1U);
    pool.replace_one();
    EXPECT_EQ(pool.ready(), 2U);
    pool.replace_one();
    EXPECT_EQ(pool.ready(), 2U) << "no more than the reserve";
    pool.give_back(kept);
    EXPECT_EQ(pool.ready(), 2U);
}

TEST(chunk_pool, a_reserve_of_nothing_is_the_heap)
{
    chunk_pool pool{100, 0};
    auto* chunk = pool.take();
    pool.replace_one();
    pool.give_back(chunk);
    EXPECT_EQ(pool.ready(), 0U);
}

}  // namespace
}  // namespace gatehouse::test
