#include "protocol/pssst/reply_log.h"

#include "base/assert.h"

#include <algorithm>
#include <utility>

namespace gatehouse::pssst {

using limits::reply_block;

// No reply lies in two blocks.
std::uint64_t reply_log::position_for(std::size_t size) const noexcept
{
    auto const used = end_ % reply_block;
    return used + size <= reply_block ? end_ : end_ - used + reply_block;
}

bool reply_log::has_capacity_for(std::size_t size) const noexcept
{
    if (held_ == 0)
        return true;
    return position_for(size) / reply_block - first_ < most_blocks_;
}

reply_log::position reply_log::add(bytes reply)
{
    GATEHOUSE_ASSERT(reply.size() <= reply_block && has_capacity_for(reply.size()));
    position const made{position_for(reply.size()), static_cast<std::uint32_t>(reply.size())};
    auto const number = made.start / reply_block;
    if (held_ == 0)
        drop_blocks_before(number);
    if (blocks_.empty())
        first_ = number;
    if (first_ + blocks_.size() <= number) {
        if (spare_.empty())
            spare_.push_back(std::make_unique<std::uint8_t[]>(reply_block));
        blocks_.push_back(std::move(spare_.back()));
        spare_.pop_back();
    }
    auto* const to = blocks_[number - first_].get();
    std::copy(reply.begin(), reply.end(), to + made.start % reply_block);
    end_ = made.start + made.size;
    ++held_;
    return made;
}

bytes reply_log::at(position where) const noexcept
{
    auto const* const from = blocks_[where.start / reply_block - first_].get();
    return {from + where.start % reply_block, where.size};
}

void reply_log::let_go(std::optional<position> oldest) noexcept
{
    --held_;
    drop_blocks_before((oldest ? oldest->start : end_) / reply_block);
}

void reply_log::drop_blocks_before(std::uint64_t number) noexcept
{
    while (!blocks_.empty() && first_ < number) {
        if (blocks_.size() + spare_.size() <= most_blocks_)
            spare_.push_back(std::move(blocks_.front()));
        blocks_.pop_front();
        ++first_;
    }
}

void reply_log::set_bound(std::size_t most_bytes) noexcept
{
    most_blocks_ = std::max<std::size_t>(1, most_bytes / reply_block);
    spare_.reserve(most_blocks_);
    while (!spare_.empty() && blocks_.size() + spare_.size() > most_blocks_)
        spare_.pop_back();
}

}  // namespace gatehouse::pssst
