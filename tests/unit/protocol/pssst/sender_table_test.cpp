// A sender has one place while it holds something, and places are used again.
#include "protocol/pssst/sender_table.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <unordered_map>

namespace gatehouse::test {
namespace {

using pssst::sender_table;

identity::device_id device_of(std::uint32_t number)
{
    return identity::device_id::from_name("device-" + std::to_string(number));
}

TEST(sender_table, a_sender_keeps_its_place_while_it_holds_something)
{
    sender_table senders;
    auto const first = senders.slot_of(device_of(1));
    senders.at(first).held = 1;
    auto const second = senders.slot_of(device_of(2));
    EXPECT_NE(first, second);
    senders.let_go(first);
    EXPECT_EQ(senders.slot_of(device_of(1)), first);
    senders.at(first).held = 0;
    senders.let_go(first);
    EXPECT_EQ(senders.size(), 1U);
    EXPECT_EQ(senders.slot_of(device_of(3)), first) << "used again";
    EXPECT_EQ(senders.at(first).held, 0U);
    EXPECT_EQ(senders.at(first).oldest, sender_table::nobody);
}

TEST(sender_table, agrees_with_a_plain_map)
{
    sender_table senders;
    std::unordered_map<std::uint32_t, sender_table::number> held;
    std::mt19937 draw{5};
    for (int step = 0; step < 50'000; ++step) {
        auto const number = static_cast<std::uint32_t>(draw() % 500);
        auto const slot = senders.slot_of(device_of(number));
        ASSERT_EQ(senders.at(slot).device, device_of(number));
        ASSERT_EQ(senders.at(slot).held, held[number]);
        if (draw() % 2 == 0)
            held[number] = ++senders.at(slot).held;
        else if (held[number] > 0)
            held[number] = --senders.at(slot).held;
        if (held[number] == 0) {
            senders.let_go(slot);
            held.erase(number);
        }
        ASSERT_EQ(senders.size(), held.size());
    }
}

}  // namespace
}  // namespace gatehouse::test
