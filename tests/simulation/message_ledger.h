// Who said what to whom, and what became of it. Every promise of delivery is checked here, as soon
// as it can be.
#pragma once

#include "support/byte_string.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gatehouse::test {

// Messages of one sender, in order: a device's for the backend, or the backend's for one session.
// A message carries its sender and its number, and so can be told from all others.
class message_ledger {
public:
    explicit message_ledger(std::uint32_t sender) : sender_{sender} {}

    // The text of a message that is sent now; at least as large as what it must carry.
    byte_string say(std::size_t size);
    // It could not be sent after all.
    void take_back() { entries_.pop_back(); }

    // It came out at the other end, in conversation `where`: as it was sent, once, and behind all
    // that came there before.
    void arrived(std::size_t number, bytes text, std::uint64_t where);

    // The sender was told so of this message.
    void told_delivered(std::size_t number);
    void told_lost(std::size_t number);
    // No more will be told: what was not told to be lost counts as delivered.
    void rest_is_delivered();

    std::size_t said() const { return entries_.size(); }
    std::size_t delivered() const;
    std::size_t arrived() const;

    // What was told to be delivered came in the order of sending.
    void expect_in_order() const;

private:
    enum class fate : std::uint8_t { unknown, delivered, lost };
    struct entry {
        std::size_t size = 0;
        fate told = fate::unknown;
        bool arrived = false;
    };

    byte_string text_of_message(std::size_t number) const;

    std::uint32_t sender_;
    std::vector<entry> entries_;
    std::vector<std::size_t> arrivals_;  // numbers, in order
    std::uint64_t last_where_ = 0;
    std::size_t next_there_ = 0;  // the least number that may come in `last_where_`
};

// Who sent this message, and which of its messages it is.
struct message_name {
    std::uint32_t sender = 0;
    std::uint32_t number = 0;
};
message_name name_of(bytes text);

inline constexpr std::size_t smallest_message = 8;

}  // namespace gatehouse::test
