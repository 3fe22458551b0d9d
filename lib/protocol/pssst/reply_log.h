// Bytes that are kept in the order in which they came, and make room in the same order: a queue of
// blocks, none of which is allocated twice.
#pragma once

#include "base/bytes.h"
#include "protocol/pssst/limits.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace gatehouse::pssst {

class reply_log {
public:
    // Where something lies, until it is let go of.
    struct position {
        std::uint64_t start = 0;
        std::uint32_t size = 0;
    };

    explicit reply_log(std::size_t most_bytes) { set_bound(most_bytes); }

    // May `size` bytes (no more than a block) be added without letting go of any?
    bool has_capacity_for(std::size_t size) const noexcept;
    // Is more held than the bound, which has become smaller?
    bool over_bound() const noexcept { return blocks_.size() > most_blocks_; }

    position add(bytes reply);
    bytes at(position where) const noexcept;

    // One goes; `oldest` is the oldest of those that are left. Room comes of those in front of it.
    void let_go(std::optional<position> oldest) noexcept;

    void set_bound(std::size_t most_bytes) noexcept;
    std::size_t bytes_held() const noexcept { return blocks_.size() * limits::reply_block; }

private:
    using block = std::unique_ptr<std::uint8_t[]>;

    std::uint64_t position_for(std::size_t size) const noexcept;
    void drop_blocks_before(std::uint64_t number) noexcept;

    std::deque<block> blocks_;  // the first one is number `first_`
    std::vector<block> spare_;
    std::uint64_t first_ = 0;
    std::uint64_t end_ = 0;  // behind the newest byte
    std::size_t held_ = 0;   // replies
    std::size_t most_blocks_ = 1;
};

}  // namespace gatehouse::pssst
