#include "simulation/message_ledger.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace gatehouse::test {

namespace {

void put(byte_string& to, std::size_t at, std::uint32_t value)
{
    for (std::size_t i = 0; i < 4; ++i)
        to[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

std::uint32_t number_at(bytes text, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t i = 4; i > 0; --i)
        value = value << 8 | text[at + i - 1];
    return value;
}

}  // namespace

message_name name_of(bytes text)
{
    if (text.size() < smallest_message) {
        ADD_FAILURE() << "not a message that anybody sent: " << to_hex(text);
        return {};
    }
    return {number_at(text, 0), number_at(text, 4)};
}

byte_string message_ledger::text_of_message(std::size_t number) const
{
    auto text = pattern_bytes(entries_.at(number).size, static_cast<std::uint8_t>(number));
    put(text, 0, sender_);
    put(text, 4, static_cast<std::uint32_t>(number));
    return text;
}

byte_string message_ledger::say(std::size_t size)
{
    entries_.push_back({.size = std::max(size, smallest_message)});
    return text_of_message(entries_.size() - 1);
}

void message_ledger::arrived(std::size_t number, bytes text, std::uint64_t where)
{
    ASSERT_LT(number, entries_.size()) << "never said";
    auto const said = text_of_message(number);
    ASSERT_TRUE(std::equal(text.begin(), text.end(), said.begin(), said.end())) << to_hex(text);
    auto& one = entries_[number];
    EXPECT_FALSE(one.arrived) << "message " << number << " of " << sender_ << " came twice";
    if (where == last_where_)
        EXPECT_GE(number, next_there_) << "out of order, from " << sender_;
    one.arrived = true;
    arrivals_.push_back(number);
    last_where_ = where;
    next_there_ = number + 1;
}

void message_ledger::told_delivered(std::size_t number)
{
    ASSERT_LT(number, entries_.size());
    EXPECT_EQ(entries_[number].told, fate::unknown);
    EXPECT_TRUE(entries_[number].arrived)
        << "message " << number << " of " << sender_ << " counts as delivered and never arrived";
    entries_[number].told = fate::delivered;
}

void message_ledger::told_lost(std::size_t number)
{
    ASSERT_LT(number, entries_.size());
    EXPECT_EQ(entries_[number].told, fate::unknown)
        << "message " << number << " of " << sender_ << " was reported twice";
    entries_[number].told = fate::lost;
}

void message_ledger::rest_is_delivered()
{
    for (std::size_t number = 0; number < entries_.size(); ++number)
        if (entries_[number].told == fate::unknown)
            told_delivered(number);
}

std::size_t message_ledger::delivered() const
{
    return static_cast<std::size_t>(std::count_if(
        entries_.begin(),
        entries_.end(),
        [](entry const& each) { return each.told == fate::delivered; }
    ));
}

std::size_t message_ledger::arrived() const
{
    return arrivals_.size();
}

void message_ledger::expect_in_order() const
{
    std::size_t next = 0;
    for (auto const number : arrivals_) {
        if (entries_[number].told != fate::delivered)
            continue;
        EXPECT_GE(number, next) << "out of order, from " << sender_;
        next = number + 1;
    }
}

}  // namespace gatehouse::test
