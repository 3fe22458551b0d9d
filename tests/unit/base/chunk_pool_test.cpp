#include "base/chunk_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <set>
#include <span>
#include <vector>

namespace gatehouse::test {
namespace {

// More than three slabs hold.
constexpr std::size_t many = 500;

bool is_aligned(void const* chunk)
{
    return reinterpret_cast<std::uintptr_t>(chunk) % chunk_pool::alignment == 0;
}

std::vector<void*> take(chunk_pool& pool, std::size_t count)
{
    std::vector<void*> lent(count);
    for (auto& chunk : lent)
        chunk = pool.take();
    return lent;
}

void give_back(chunk_pool& pool, std::vector<void*> const& lent)
{
    for (auto* chunk : lent)
        pool.give_back(chunk);
}

// Fills each chunk with a byte of its own, then looks whether any has touched another.
void expect_apart(std::vector<void*> const& lent, std::size_t size)
{
    auto const mark = [](std::size_t i) { return static_cast<std::uint8_t>(i % 251); };
    for (std::size_t i = 0; i < lent.size(); ++i)
        std::memset(lent[i], mark(i), size);
    for (std::size_t i = 0; i < lent.size(); ++i) {
        std::span const all{static_cast<std::uint8_t const*>(lent[i]), size};
        EXPECT_EQ(std::count(all.begin(), all.end(), mark(i)), std::ptrdiff_t(size)) << i;
    }
}

TEST(chunk_pool, sets_its_reserve_aside_at_once)
{
    chunk_pool const pool{100, 3};
    EXPECT_EQ(pool.ready(), 3U);
}

TEST(chunk_pool, lends_the_reserve_first_and_then_more)
{
    chunk_pool pool{100, 2};
    std::vector<void*> lent;
    for (std::size_t left : {1U, 0U, 0U, 0U}) {
        lent.push_back(pool.take());
        EXPECT_EQ(pool.ready(), left);
    }
    EXPECT_EQ((std::set<void*>{lent.begin(), lent.end()}.size()), 4U);
    give_back(pool, lent);
    EXPECT_EQ(pool.ready(), 2U);
}

TEST(chunk_pool, chunks_of_any_size_are_whole_and_aligned)
{
    for (std::size_t const size : {1U, 7U, 8U, 9U, 15U, 100U, 333U, 4097U}) {
        SCOPED_TRACE(size);
        chunk_pool pool{size, 3};
        auto const lent = take(pool, 10);
        for (auto const* chunk : lent)
            EXPECT_TRUE(is_aligned(chunk));
        expect_apart(lent, size);
        give_back(pool, lent);
    }
}

TEST(chunk_pool, goes_on_when_a_slab_is_used_up)
{
    for (std::size_t const reserve : {std::size_t{0}, std::size_t{1}, many}) {
        SCOPED_TRACE(reserve);
        chunk_pool pool{20, reserve};
        auto const lent = take(pool, many);
        EXPECT_EQ(pool.ready(), 0U);
        EXPECT_EQ((std::set<void*>{lent.begin(), lent.end()}.size()), many);
        expect_apart(lent, 20);
        give_back(pool, lent);
        EXPECT_EQ(pool.ready(), reserve);
    }
}

TEST(chunk_pool, what_comes_back_is_lent_again)
{
    chunk_pool pool{100, 1};
    auto* first = pool.take();
    pool.give_back(first);
    EXPECT_EQ(pool.take(), first);
    pool.give_back(first);
}

// Also what the reserve has no room for.
TEST(chunk_pool, is_as_large_as_it_was_needed_at_once)
{
    chunk_pool pool{60, 3};
    auto const lent = take(pool, many);
    std::set<void*> const first{lent.begin(), lent.end()};
    give_back(pool, lent);
    for (int round = 0; round < 3; ++round) {
        auto const again = take(pool, many);
        EXPECT_EQ((std::set<void*>{again.begin(), again.end()}), first);
        expect_apart(again, 60);
        give_back(pool, again);
    }
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

TEST(chunk_pool, replaces_as_many_as_are_kept)
{
    chunk_pool pool{24, 2};
    std::vector<void*> kept;
    while (kept.size() < many) {
        kept.push_back(pool.take());
        pool.replace_one();
        EXPECT_EQ(pool.ready(), 2U);
    }
    expect_apart(kept, 24);
    give_back(pool, kept);
    EXPECT_EQ(pool.ready(), 2U);
}

TEST(chunk_pool, may_have_no_reserve)
{
    chunk_pool pool{100, 0};
    auto* chunk = pool.take();
    pool.replace_one();
    pool.give_back(chunk);
    EXPECT_EQ(pool.ready(), 0U);
}

TEST(chunk_pool, the_sanitizer_sees_who_touches_what_is_not_lent)
{
#if defined(__SANITIZE_ADDRESS__)
    for (std::size_t const reserve : {0U, 1U}) {
        chunk_pool pool{100, reserve};
        auto* chunk = pool.take();
        pool.give_back(chunk);
        auto volatile* const late = static_cast<std::uint8_t*>(chunk);
        EXPECT_DEATH(late[99] = 1, "use-after-poison");
    }
#else
    GTEST_SKIP() << "built without the address sanitizer";
#endif
}

}  // namespace
}  // namespace gatehouse::test
