// Nothing that was claimed is ever fresh again, and hardly anything else is taken for it.
#include "base/file_memory.h"
#include "protocol/pssst/replay_filter.h"
#include "support/byte_string.h"
#include "support/readable_error.h"
#include "support/scripted_random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace gatehouse::test {
namespace {

using pssst::replay_filter;
using fill = replay_filter::fill;

crypto::x25519_public value_of(std::uint32_t number)
{
    crypto::x25519_public made{};
    for (std::size_t i = 0; i < 4; ++i)
        made[i] = static_cast<std::uint8_t>(number >> 8 * i);
    return made;
}

// As spread as what a keyed hash gives.
replay_filter::value_marks drawn_marks(std::mt19937_64& draw, std::size_t blocks)
{
    replay_filter::value_marks made;
    made.block = static_cast<std::uint32_t>(draw() % blocks);
    for (auto& bit : made.bits)
        bit = static_cast<std::uint16_t>(draw() >> 49);
    return made;
}

class replay_filter_test : public testing::Test {
protected:
    replay_filter& make(std::uint64_t requests)
    {
        std::string why;
        filter.reset();
        memory = file_memory::of_process(replay_filter::size_for(requests), why);
        replay_filter::make(memory->memory(), key, requests, random);
        return filter.emplace(*memory);
    }

    bool claim(std::uint32_t number, std::string const& sender = "meter-4")
    {
        return filter->claim(filter->marks_of(hmac, value_of(number)), sender_of(sender))
            .has_value();
    }

    result<> check(std::uint32_t number, std::string const& sender = "meter-4")
    {
        return filter->check(filter->marks_of(hmac, value_of(number)), sender_of(sender));
    }

    replay_filter::sender_marks sender_of(std::string const& sender)
    {
        return filter->marks_of_sender(hmac, sender);
    }

    crypto::hmac_sha256 hmac;
    scripted_random random;
    crypto::x25519_public const key = value_of(7);
    file_memory::pointer memory;
    std::optional<replay_filter> filter;
};

TEST_F(replay_filter_test, knows_what_was_claimed)
{
    make(1000);
    for (std::uint32_t i = 0; i < 1000; ++i) {
        EXPECT_TRUE(check(i)) << i;
        ASSERT_TRUE(claim(i)) << i;
        EXPECT_EQ(filter->claimed(), i + 1);
        EXPECT_EQ(check(i).error(), error::unproven_replayed);
        EXPECT_FALSE(claim(i));
    }
    for (std::uint32_t i = 0; i < 1000; ++i)
        EXPECT_EQ(check(i).error(), error::unproven_replayed) << i;
    EXPECT_EQ(filter->claimed(), 1000U);
}

TEST_F(replay_filter_test, and_still_does_when_its_memory_is_taken_up_again)
{
    make(1000);
    for (std::uint32_t i = 0; i < 100; ++i)
        claim(i);
    filter.reset();
    ASSERT_EQ(replay_filter::why_unfit(memory->memory(), key), "");
    filter.emplace(*memory);
    EXPECT_EQ(filter->requests(), 1000U);
    EXPECT_EQ(filter->claimed(), 100U);
    for (std::uint32_t i = 0; i < 100; ++i)
        EXPECT_FALSE(claim(i)) << i;
    EXPECT_TRUE(claim(100));
}

TEST_F(replay_filter_test, takes_about_four_bytes_a_request)
{
    EXPECT_LE(replay_filter::size_for(10'000'000), std::size_t{4} * 10'100'000);
}

// When all that it is made for are there. 5.2 are expected of 10 million.
TEST_F(replay_filter_test, takes_one_fresh_value_of_a_million_for_a_known_one_at_most)
{
    constexpr std::size_t blocks = 100;
    make(blocks * 1024);
    std::mt19937_64 draw{3};
    for (std::size_t i = 0; i < blocks * 1024; ++i)
        filter->claim(drawn_marks(draw, blocks), {});
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < 10'000'000; ++i)
        wrong += filter->knows(drawn_marks(draw, blocks)) ? 1U : 0U;
    EXPECT_LE(wrong, 10U);
    EXPECT_GE(wrong, 1U) << "else the filter is larger than it need be";
    RecordProperty("wrong_of_ten_million", static_cast<int>(wrong));
}

TEST_F(replay_filter_test, its_secret_decides_where_a_value_has_its_bits)
{
    make(1'000'000);
    auto const here = filter->marks_of(hmac, value_of(1));
    EXPECT_EQ(filter->marks_of(hmac, value_of(1)).bits, here.bits);
    EXPECT_NE(filter->marks_of(hmac, value_of(2)).bits, here.bits);
    make(1'000'000);
    EXPECT_NE(filter->marks_of(hmac, value_of(1)).bits, here.bits);
}

// Workers and listeners that come with the same value at one time.
TEST_F(replay_filter_test, one_of_several_at_once_has_a_value)
{
    constexpr std::uint32_t values = 5'000;
    make(values);
    std::vector<replay_filter::value_marks> marks;
    for (std::uint32_t i = 0; i < values; ++i)
        marks.push_back(filter->marks_of(hmac, value_of(i)));
    std::vector<std::atomic<int>> winners(values);
    std::vector<std::thread> workers;
    for (int worker = 0; worker < 4; ++worker)
        workers.emplace_back([&] {
            for (std::uint32_t i = 0; i < values; ++i)
                if (filter->claim(marks[i], {}))
                    ++winners[i];
        });
    for (auto& worker : workers)
        worker.join();
    std::uint64_t claimed = 0;
    for (std::uint32_t i = 0; i < values; ++i) {
        ASSERT_LE(winners[i], 1) << i;
        claimed += winners[i] == 1 ? 1U : 0U;
        ASSERT_TRUE(filter->knows(marks[i])) << i;
    }
    EXPECT_EQ(filter->claimed(), claimed);
    EXPECT_EQ(claimed, values);
}

TEST_F(replay_filter_test, memory_that_lost_bits_is_told)
{
    make(5'000);
    EXPECT_FALSE(replay_filter::has_forgotten(memory->memory()));
    for (std::uint32_t i = 0; i < 100; ++i)
        claim(i);
    auto whole = copy_of(memory->memory());
    EXPECT_FALSE(replay_filter::has_forgotten(whole));
    for (std::size_t at = whole.size(); at > whole.size() - std::size_t{5} * 4096; at -= 4096) {
        auto with_hole = whole;
        std::fill_n(with_hole.begin() + static_cast<std::ptrdiff_t>(at) - 4096, 4096, 0);
        EXPECT_TRUE(replay_filter::has_forgotten(with_hole)) << at;
    }
}

TEST_F(replay_filter_test, a_full_one_has_no_room_and_forgets_nothing)
{
    make(20);
    for (std::uint32_t i = 0; i < 20; ++i)
        ASSERT_TRUE(claim(i));
    EXPECT_EQ(check(20).error(), error::limit_gateway_key);
    EXPECT_EQ(check(21, "another").error(), error::limit_gateway_key);
    EXPECT_EQ(check(3).error(), error::unproven_replayed);
}

TEST_F(replay_filter_test, one_sender_does_not_use_it_up)
{
    make(200'000);
    std::uint32_t number = 0;
    while (check(number))
        ASSERT_TRUE(claim(number++));
    EXPECT_EQ(check(number).error(), error::limit_gateway_key_share);
    EXPECT_NEAR(number, 200'000 * 8 / 9, 100);
    EXPECT_TRUE(check(number, "another"));
}

TEST_F(replay_filter_test, gives_notice_when_it_is_nearly_full_and_when_it_is)
{
    make(100);
    for (std::uint32_t i = 0; i < 100; ++i) {
        EXPECT_EQ(filter->take_notice(), i == 80 ? fill::nearly_full : fill::some) << i;
        claim(i);
    }
    EXPECT_EQ(filter->take_notice(), fill::full);
    EXPECT_EQ(filter->take_notice(), fill::some);
}

TEST_F(replay_filter_test, other_memory_is_no_filter_of_the_key)
{
    make(1000);
    auto const whole = copy_of(memory->memory());
    EXPECT_EQ(replay_filter::why_unfit(whole, key), "");
    EXPECT_EQ(replay_filter::why_unfit(whole, value_of(8)), "it is of another gateway key");
    for (std::size_t size = 0; size < whole.size(); size += 1000)
        EXPECT_NE(replay_filter::why_unfit(bytes{whole}.first(size), key), "") << size;
    auto longer = whole;
    longer.resize(whole.size() + 4096);
    EXPECT_NE(replay_filter::why_unfit(longer, key), "");
    for (std::size_t at = 0; at < 128; ++at) {
        auto changed = whole;
        changed[at] ^= 1;
        EXPECT_NE(replay_filter::why_unfit(changed, key), "") << at;
    }
    EXPECT_NE(replay_filter::why_unfit(byte_string(whole.size()), key), "");
}

TEST_F(replay_filter_test, remembers_when_its_key_left_and_since_when_it_is_in_use)
{
    make(10);
    EXPECT_EQ(filter->left_at(), 0U);
    EXPECT_EQ(replay_filter::in_use_since(memory->memory()), replay_filter::boot_id{});
    filter->set_left_at(77);
    filter->set_in_use_since({1, 2, 3});
    replay_filter const again{*memory};
    EXPECT_EQ(again.left_at(), 77U);
    EXPECT_EQ(replay_filter::in_use_since(memory->memory()), (replay_filter::boot_id{1, 2, 3}));
}

}  // namespace
}  // namespace gatehouse::test
