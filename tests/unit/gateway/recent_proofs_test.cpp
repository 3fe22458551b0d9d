#include "gateway/recent_proofs.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

constexpr wall_time now{std::chrono::seconds{1'800'000'000}};

peer_address host(std::uint8_t last, std::uint16_t port = 1)
{
    return peer_address::v4({192, 0, 2, last}, port);
}

TEST(recent_proofs, know_nobody_at_first)
{
    recent_proofs const proofs{7};
    EXPECT_FALSE(proofs.knows(proofs.source_at("fleet", host(1)), now));
    EXPECT_FALSE(proofs.knows(proofs.device_at("fleet", "meter-1"), now));
    EXPECT_FALSE(proofs.knows(0, wall_time{}));
}

TEST(recent_proofs, know_a_source_whatever_its_port)
{
    recent_proofs proofs{7};
    proofs.remember(proofs.source_at("fleet", host(1, 10)), now);
    EXPECT_TRUE(proofs.knows(proofs.source_at("fleet", host(1, 20)), now));
    EXPECT_FALSE(proofs.knows(proofs.source_at("fleet", host(2, 10)), now));
}

TEST(recent_proofs, are_of_one_listener)
{
    recent_proofs proofs{7};
    proofs.remember(proofs.source_at("fleet", host(1)), now);
    proofs.remember(proofs.device_at("fleet", "meter-1"), now);
    EXPECT_TRUE(proofs.knows(proofs.device_at("fleet", "meter-1"), now));
    EXPECT_FALSE(proofs.knows(proofs.source_at("yard", host(1)), now));
    EXPECT_FALSE(proofs.knows(proofs.device_at("yard", "meter-1"), now));
}

TEST(recent_proofs, last_an_hour)
{
    recent_proofs proofs{7};
    auto const who = proofs.device_at("fleet", "meter-1");
    proofs.remember(who, now);
    EXPECT_TRUE(proofs.knows(who, now + 59min));
    EXPECT_FALSE(proofs.knows(who, now + 62min));
    proofs.remember(who, now + 59min);
    EXPECT_TRUE(proofs.knows(who, now + 100min)) << "from the last proof on";
}

TEST(recent_proofs, survive_a_clock_that_is_set_back_a_little)
{
    recent_proofs proofs{7};
    auto const who = proofs.device_at("fleet", "meter-1");
    proofs.remember(who, now);
    EXPECT_TRUE(proofs.knows(who, now - 10min));
    EXPECT_FALSE(proofs.knows(who, now - 2h));
}

TEST(recent_proofs, forget_the_oldest_when_full)
{
    recent_proofs proofs{7};
    auto const subject = [&](std::size_t i) {
        return proofs.device_at("fleet", std::to_string(i));
    };
    for (std::size_t i = 0; i < 4 * recent_proofs::most; ++i)
        proofs.remember(subject(i), now + (i < 3 * recent_proofs::most ? 0min : 1min));
    std::size_t newest = 0;
    for (std::size_t i = 3 * recent_proofs::most; i < 4 * recent_proofs::most; ++i)
        newest += proofs.knows(subject(i), now + 1min) ? 1U : 0U;
    EXPECT_GT(newest, recent_proofs::most * 8 / 10);
}

TEST(recent_proofs, strangers_are_taken_for_nobody)
{
    recent_proofs proofs{7};
    for (std::size_t i = 0; i < recent_proofs::most; ++i)
        proofs.remember(proofs.device_at("fleet", std::to_string(i)), now);
    for (int i = 0; i < 200'000; ++i)
        ASSERT_FALSE(proofs.knows(proofs.device_at("fleet", "x" + std::to_string(i)), now));
}

TEST(recent_proofs, are_the_same_after_a_save)
{
    recent_proofs before{7};
    before.remember(before.device_at("fleet", "late"), now - 3h);
    before.remember(before.device_at("fleet", "meter-1"), now);
    before.remember(before.source_at("fleet", host(1)), now);
    auto const saved = before.save(now + 1min);
    EXPECT_EQ(saved.size(), 32U + 2 * 8) << "only what is still known";

    recent_proofs after{8};
    EXPECT_TRUE(after.load(saved));
    EXPECT_TRUE(after.knows(after.device_at("fleet", "meter-1"), now + 2min));
    EXPECT_TRUE(after.knows(after.source_at("fleet", host(1)), now + 2min));
    EXPECT_FALSE(after.knows(after.source_at("fleet", host(2)), now + 2min));
    EXPECT_FALSE(after.knows(after.device_at("fleet", "meter-1"), now + 62min));
}

TEST(recent_proofs, take_no_spoilt_save)
{
    recent_proofs before{7};
    before.remember(before.device_at("fleet", "meter-1"), now);
    auto const saved = before.save(now);
    recent_proofs after{8};
    EXPECT_FALSE(after.load({}));
    for (std::size_t length = 0; length < saved.size(); ++length)
        EXPECT_FALSE(after.load(bytes{saved}.first(length))) << length;
    for (std::size_t i = 0; i < saved.size(); ++i) {
        auto spoilt = saved;
        spoilt[i] ^= 1;
        EXPECT_FALSE(after.load(spoilt)) << i;
    }
    EXPECT_FALSE(after.load(std::vector<std::uint8_t>(recent_proofs::largest_save + 8)));
}

}  // namespace
}  // namespace gatehouse::test
