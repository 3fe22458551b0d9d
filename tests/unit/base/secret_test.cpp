#include "base/secret.h"
#include "support/byte_string.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <memory>
#include <new>
#include <ostream>
#include <type_traits>
#include <utility>

namespace gatehouse::test {
namespace {

template <class T>
concept comparable = requires(T const& a, T const& b)
{
    a == b;
};
template <class T>
concept printable = requires(std::ostream& out, T const& value)
{
    out << value;
};

template <class T>
constexpr bool guarded = !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T> &&
                         !comparable<T> && !printable<T>;

static_assert(guarded<secret<32>> && guarded<secret_bytes>);
static_assert(std::is_nothrow_move_constructible_v<secret<32>>);
static_assert(!std::convertible_to<secret<32>, bytes>);
static_assert(!std::convertible_to<secret_bytes, bytes>);

using small = secret<4>;
constexpr std::array<std::uint8_t, 4> value{1, 2, 3, 4};
constexpr std::array<std::uint8_t, 4> zeros{};

bool holds(small const& what, std::array<std::uint8_t, 4> const& expected)
{
    return std::equal(expected.begin(), expected.end(), what.expose().begin());
}

TEST(secret, starts_as_zeros)
{
    EXPECT_TRUE(holds(small{}, zeros));
}

TEST(secret, a_copy_is_asked_for)
{
    auto const original = small::from(value);
    auto const twin = original.copy();
    EXPECT_TRUE(holds(original, value));
    EXPECT_TRUE(holds(twin, value));
}

TEST(secret, a_move_wipes_its_source)
{
    auto source = small::from(value);
    small target{std::move(source)};
    EXPECT_TRUE(holds(source, zeros));  // NOLINT(bugprone-use-after-move): it is what is tested
    EXPECT_TRUE(holds(target, value));

    small assigned;
    assigned = std::move(target);
    EXPECT_TRUE(holds(target, zeros));  // NOLINT(bugprone-use-after-move): it is what is tested
    EXPECT_TRUE(holds(assigned, value));

    auto& same = assigned;
    assigned = std::move(same);
    EXPECT_TRUE(holds(assigned, value));
}

TEST(secret, wipes_itself)
{
    auto one = small::from(value);
    one.wipe();
    EXPECT_TRUE(holds(one, zeros));
    // What is left where a secret was, read behind the compiler's back.
    auto const memory = std::make_unique<std::byte[]>(sizeof(small));
    auto* const assigned = new (memory.get()) small{small::from(value)};
    EXPECT_TRUE(holds(*assigned, value));
    std::destroy_at(assigned);
    std::byte const volatile* const left = memory.get();
    for (std::size_t i = 0; i < sizeof(small); ++i)
        EXPECT_EQ(std::to_integer<int>(left[i]), 0);
}

TEST(secret_bytes, holds_a_copy)
{
    auto source = text_bytes("pre-shared");
    secret_bytes const kept{source};
    source.assign(source.size(), 0);
    EXPECT_EQ(text_of(kept.expose()), "pre-shared");
    EXPECT_EQ(kept.size(), 10U);
}

TEST(secret_bytes, may_be_empty)
{
    EXPECT_TRUE(secret_bytes{}.expose().empty());
    EXPECT_TRUE(secret_bytes{bytes{}}.expose().empty());
}

TEST(secret_bytes, moves_leave_nothing_behind)
{
    secret_bytes source{text_bytes("pre-shared")};
    secret_bytes target{std::move(source)};
    EXPECT_EQ(source.size(), 0U);  // NOLINT(bugprone-use-after-move): it is what is tested
    EXPECT_TRUE(source.expose().empty());
    secret_bytes other{text_bytes("old")};
    other = std::move(target);
    EXPECT_EQ(text_of(other.expose()), "pre-shared");
    EXPECT_EQ(target.size(), 0U);  // NOLINT(bugprone-use-after-move): it is what is tested
    auto& same = other;
    other = std::move(same);
    EXPECT_EQ(text_of(other.expose()), "pre-shared");
}

}  // namespace
}  // namespace gatehouse::test
