// Messages of a UDP session that the backend has not taken over: their acknowledgements are owed.
//
// Devices wait for one before they send the next, so there is room for few.
#pragma once

#include "base/assert.h"
#include "protocol/usmp/limits.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace gatehouse::usmp {

class owed_acks {
public:
    // Under which of the device's keys the frame came.
    enum class key_age : std::uint8_t { current, before, lost };
    struct entry {
        std::uint32_t sequence = 0;
        key_age age = key_age::current;
    };

    bool empty() const noexcept { return count_ == 0; }
    bool full() const noexcept { return count_ == sequences_.size(); }

    void add(std::uint32_t sequence, key_age age) noexcept
    {
        GATEHOUSE_ASSERT(!full());
        sequences_.at(count_) = sequence;
        ages_.at(count_) = age;
        ++count_;
    }

    bool has(std::uint32_t sequence, key_age age) const noexcept
    {
        for (std::size_t i = 0; i < count_; ++i)
            if (sequences_.at(i) == sequence && ages_.at(i) == age)
                return true;
        return false;
    }

    // The oldest. Not when empty.
    entry take() noexcept
    {
        entry const oldest{sequences_.front(), ages_.front()};
        std::rotate(sequences_.begin(), sequences_.begin() + 1, sequences_.end());
        std::rotate(ages_.begin(), ages_.begin() + 1, ages_.end());
        --count_;
        return oldest;
    }

    // The current key is the one before from now on, and what came under that one before is lost:
    // the frame itself, when it comes again, will be acknowledged.
    void change_keys() noexcept
    {
        for (auto& age : ages_)
            age = age == key_age::current ? key_age::before : key_age::lost;
    }

private:
    std::array<std::uint32_t, limits::awaiting_backend> sequences_{};
    std::array<key_age, limits::awaiting_backend> ages_{};
    std::uint8_t count_ = 0;
};

}  // namespace gatehouse::usmp
