#include "protocol/usmp/legacy_hints.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace gatehouse::test {
namespace {

using identity::session_id_length;

using standing = usmp::legacy_hint::standing;

usmp::legacy_device device(std::uint8_t number, std::size_t credentials = 0)
{
    std::array<std::uint8_t, 6> const mac{2, 0, 0, 0, 0, number};
    return {identity::device_id::from_mac(mac), credentials};
}

TEST(legacy_hints, what_was_told_is_found)
{
    usmp::legacy_hints hints{4};
    EXPECT_EQ(hints.find(device(1)).length, session_id_length::unknown);
    hints.remember({device(1), session_id_length::sixteen});
    EXPECT_EQ(hints.find(device(1)).length, session_id_length::sixteen);
    EXPECT_EQ(hints.find(device(2)).length, session_id_length::unknown);
    EXPECT_EQ(hints.find(device(1, 1)).length, session_id_length::unknown) << "another set";
    hints.remember({device(1), session_id_length::four});
    EXPECT_EQ(hints.find(device(1)).length, session_id_length::four);
}

TEST(legacy_hints, what_was_told_in_vain_is_not_told_again)
{
    usmp::legacy_hints hints{4};
    EXPECT_EQ(hints.next(device(1)), session_id_length::four);
    for (auto const what : {standing::untried, standing::proven}) {
        hints.remember({device(1), session_id_length::sixteen, what});
        EXPECT_EQ(hints.next(device(1)), session_id_length::sixteen);
    }
    hints.remember({device(1), session_id_length::sixteen, standing::silent});
    EXPECT_EQ(hints.next(device(1)), session_id_length::four);
    hints.remember({device(1), session_id_length::four, standing::silent});
    EXPECT_EQ(hints.next(device(1)), session_id_length::sixteen);
}

TEST(legacy_hints, are_replaced_only_while_they_are_what_was_expected)
{
    usmp::legacy_hints hints{4};
    usmp::legacy_hint const told{device(1), session_id_length::four, standing::silent};
    usmp::legacy_hint const learned{device(1), session_id_length::sixteen, standing::untried};
    hints.remember(told);
    hints.replace(told, learned);
    EXPECT_EQ(hints.find(device(1)), learned);
    hints.replace(told, {device(1), session_id_length::four, standing::proven});
    EXPECT_EQ(hints.find(device(1)), learned);
}

// As the workers do it.
TEST(legacy_hints, are_learned_by_several_threads)
{
    usmp::legacy_hints hints{64};
    std::vector<std::thread> workers;
    for (std::uint8_t worker = 0; worker < 4; ++worker)
        workers.emplace_back([&hints, worker] {
            for (std::uint8_t i = 0; i < 250; ++i) {
                auto const mine = device(static_cast<std::uint8_t>(worker * 16 + i % 16));
                usmp::length_guess guess{hints, mine, hints.next(mine)};
                guess.heard();
            }
        });
    for (auto& worker : workers)
        worker.join();
    for (std::uint8_t i = 0; i < 64; ++i)
        EXPECT_EQ(hints.find(device(i)).what, standing::proven);
}

TEST(legacy_hints, the_oldest_is_forgotten)
{
    usmp::legacy_hints hints{3};
    for (std::uint8_t i = 1; i <= 3; ++i)
        hints.remember({device(i), session_id_length::sixteen});
    hints.remember({device(1), session_id_length::four});  // known: takes no room
    EXPECT_EQ(hints.find(device(1)).length, session_id_length::four);
    hints.remember({device(4), session_id_length::sixteen});
    EXPECT_EQ(hints.find(device(1)).length, session_id_length::unknown);
    for (std::uint8_t i = 2; i <= 4; ++i)
        EXPECT_EQ(hints.find(device(i)).length, session_id_length::sixteen);
}

TEST(legacy_hints, may_remember_nothing)
{
    usmp::legacy_hints hints{0};
    hints.remember({device(1), session_id_length::sixteen});
    EXPECT_EQ(hints.find(device(1)).length, session_id_length::unknown);
    usmp::length_guess guess{hints, device(1), session_id_length::four};
    guess.heard();
    EXPECT_EQ(hints.find(device(1)).length, session_id_length::unknown);
}

// Guesses end in any order; the last word is with what was told last.
TEST(legacy_hints, an_older_guess_does_not_overrule_a_newer_one)
{
    usmp::legacy_hints hints{4};
    usmp::length_guess older{hints, device(1), session_id_length::four};
    usmp::length_guess newer{hints, device(1), hints.next(device(1))};
    older.left(std::chrono::milliseconds{100});
    EXPECT_EQ(hints.find(device(1)).length, session_id_length::sixteen);
    EXPECT_EQ(hints.find(device(1)).what, standing::silent);
    newer.heard();
    EXPECT_EQ(hints.find(device(1)).what, standing::proven);
}

}  // namespace
}  // namespace gatehouse::test
