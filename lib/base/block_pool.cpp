#include "base/block_pool.h"

#include <algorithm>
#include <cstring>

namespace gatehouse {

bool block::append(bytes data) noexcept
{
    if (data.size() > block_size - size_)
        return false;
    std::copy(data.begin(), data.end(), storage_->begin() + size_);
    size_ += static_cast<std::uint32_t>(data.size());
    return true;
}

void block::release() noexcept
{
    if (!storage_)
        return;
    ::explicit_bzero(storage_->data(), size_);
    size_ = 0;
    std::exchange(pool_, nullptr)->give_back(std::move(storage_));
}

block block_pool::take()
{
    if (spare_.empty())
        return {*this, std::make_unique<block::storage>()};
    auto memory = std::move(spare_.back());
    spare_.pop_back();
    return {*this, std::move(memory)};
}

void block_pool::give_back(std::unique_ptr<block::storage> memory) noexcept
{
    if (spare_.size() < spare_limit_)
        spare_.push_back(std::move(memory));
}

}  // namespace gatehouse
