#include "protocol/usmp/cookie.h"
#include "support/scripted_random.h"

#include <gtest/gtest.h>

#include <set>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using usmp::cookie_jar;

constexpr time_point start = time_point{} + 1h;

class cookies : public testing::Test {
protected:
    static peer_address device(std::uint8_t number = 7, std::uint16_t port = 40000)
    {
        return peer_address::v4({192, 0, 2, number}, port);
    }

    scripted_random random;
    crypto::hmac_sha256 hmac;
    cookie_jar jar{hmac, random};
};

TEST_F(cookies, are_good_for_the_address_that_they_were_made_for)
{
    auto const made = jar.make(start, device());
    EXPECT_TRUE(jar.accepts(start, device(), made));
    EXPECT_TRUE(jar.accepts(start + 29s, device(), made));
    EXPECT_FALSE(jar.accepts(start, device(8), made));
    EXPECT_FALSE(jar.accepts(start, device(7, 40001), made));
    EXPECT_FALSE(jar.accepts(start, {}, made));
}

TEST_F(cookies, every_bit_counts)
{
    auto const made = jar.make(start, device());
    for (std::size_t bit = 0; bit < 8 * made.size(); ++bit) {
        auto wrong = made;
        wrong[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
        EXPECT_FALSE(jar.accepts(start, device(), wrong)) << bit;
    }
    EXPECT_FALSE(jar.accepts(start, device(), {}));
}

TEST_F(cookies, are_the_same_for_a_hello_that_is_repeated)
{
    EXPECT_EQ(jar.make(start, device()), jar.make(start + 10s, device()));
}

TEST_F(cookies, of_other_addresses_and_other_gateways_differ)
{
    scripted_random other_random{{}, 2};
    cookie_jar other{hmac, other_random};
    std::set<usmp::address_cookie> all;
    for (std::uint8_t i = 0; i < 100; ++i) {
        all.insert(jar.make(start, device(i)));
        all.insert(jar.make(start, device(1, static_cast<std::uint16_t>(i + 1))));
        all.insert(other.make(start, device(i)));
    }
    EXPECT_EQ(all.size(), 300U);
}

// Whenever the jar is asked in between: never less than one lifetime, never more than two.
TEST_F(cookies, are_good_for_one_to_two_lifetimes)
{
    std::mt19937 dice{1};
    for (int round = 0; round < 300; ++round) {
        scripted_random seeds{{}, static_cast<std::uint64_t>(round)};
        cookie_jar one{hmac, seeds};
        auto now = start;
        one.make(now, device());
        auto const wait = [&](int most) {
            now += std::chrono::milliseconds{dice() % static_cast<unsigned>(most)};
        };
        wait(120'000);
        auto const made = one.make(now, device());
        auto const born = now;
        while (now - born < 4 * cookie_jar::lifetime) {
            wait(round % 2 == 0 ? 5'000 : 70'000);
            if (now - born < cookie_jar::lifetime)
                ASSERT_TRUE(one.accepts(now, device(), made)) << (now - born) / 1ms << " ms";
            else if (now - born > 2 * cookie_jar::lifetime)
                ASSERT_FALSE(one.accepts(now, device(), made)) << (now - born) / 1ms << " ms";
            else
                one.make(now, device(3));
        }
    }
}

TEST_F(cookies, an_old_one_does_not_come_back)
{
    auto const made = jar.make(start, device());
    for (auto now = start + 61s; now < start + 10min; now += 7s)
        EXPECT_FALSE(jar.accepts(now, device(), made));
}

TEST_F(cookies, nothing_is_kept_for_a_device)
{
    auto const drawn = random.drawn();
    for (std::uint8_t i = 0; i < 200; ++i)
        jar.make(start, device(i));
    EXPECT_EQ(random.drawn(), drawn);
}

}  // namespace
}  // namespace gatehouse::test
