#include "crypto/equal.h"
#include "crypto/library.h"
#include "crypto/random.h"
#include "support/byte_string.h"

#include <gtest/gtest.h>

#include <set>

namespace gatehouse::test {
namespace {

TEST(equal, sees_every_bit)
{
    auto const one = pattern_bytes(32);
    EXPECT_TRUE(crypto::equal(one, pattern_bytes(32)));
    for (std::size_t bit = 0; bit < one.size() * 8; ++bit) {
        auto other = one;
        other[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        EXPECT_FALSE(crypto::equal(one, other));
    }
}

TEST(equal, lengths_must_match)
{
    auto const one = pattern_bytes(32);
    EXPECT_FALSE(crypto::equal(one, bytes{one}.first(31)));
    EXPECT_FALSE(crypto::equal(bytes{one}.first(31), one));
    EXPECT_FALSE(crypto::equal({}, one));
    EXPECT_TRUE(crypto::equal({}, {}));
}

TEST(system_random, does_not_repeat)
{
    crypto::system_random random;
    std::set<byte_string> seen;
    for (int i = 0; i < 100; ++i) {
        byte_string drawn(16);
        random.fill(drawn);
        EXPECT_TRUE(seen.insert(drawn).second);
    }
    random.fill({});
}

TEST(system_random, fills_everything)
{
    crypto::system_random random;
    byte_string drawn(4096);
    random.fill(drawn);
    std::set<std::uint8_t> const values{drawn.begin(), drawn.end()};
    EXPECT_GT(values.size(), 250U);
}

TEST(library, names_its_version)
{
    EXPECT_EQ(crypto::library_version().substr(0, 2), "3.");
}

}  // namespace
}  // namespace gatehouse::test
