#include "base/pooled.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace gatehouse::test {
namespace {

struct notebook : pooled<notebook> {
    ~notebook() { ++destroyed; }
    notebook() = default;
    notebook(notebook const&) = delete;
    notebook& operator=(notebook const&) = delete;

    void reset() noexcept { lines.clear(); }

    std::vector<std::string> lines;
    inline static int destroyed = 0;
};

class object_pool_test : public testing::Test {
protected:
    object_pool_test() { notebook::destroyed = 0; }
};

TEST_F(object_pool_test, what_comes_back_is_like_new_and_keeps_its_memory)
{
    object_pool<notebook> pool{1};
    auto lent = pool.take();
    auto const* const first = lent.get();
    lent->lines.assign(100, "a line");
    auto const space = lent->lines.capacity();
    lent.reset();
    EXPECT_EQ(notebook::destroyed, 0);
    auto const again = pool.take();
    EXPECT_EQ(again.get(), first);
    EXPECT_TRUE(again->lines.empty());
    EXPECT_EQ(again->lines.capacity(), space);
}

TEST_F(object_pool_test, two_on_loan_are_two_objects)
{
    object_pool<notebook> pool{2};
    auto const one = pool.take();
    auto const other = pool.take();
    EXPECT_NE(one.get(), other.get());
}

TEST_F(object_pool_test, keeps_no_more_than_it_was_told)
{
    object_pool<notebook> pool{1};
    {
        auto const one = pool.take();
        auto const other = pool.take();
    }
    EXPECT_EQ(notebook::destroyed, 1);
}

TEST_F(object_pool_test, may_keep_nothing)
{
    object_pool<notebook> pool{0};
    pool.take().reset();
    EXPECT_EQ(notebook::destroyed, 1);
}

TEST_F(object_pool_test, a_moved_loan_goes_back_once)
{
    object_pool<notebook> pool{4};
    auto lent = pool.take();
    auto const* const object = lent.get();
    auto moved = std::move(lent);
    EXPECT_EQ(lent, nullptr);  // NOLINT(bugprone-use-after-move): it is what is tested
    moved.reset();
    EXPECT_EQ(pool.take().get(), object);
}

}  // namespace
}  // namespace gatehouse::test
