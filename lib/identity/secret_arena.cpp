#include "identity/secret_arena.h"

#include "base/assert.h"

#include <algorithm>

namespace gatehouse::identity {

std::uint32_t secret_arena::add(bytes value)
{
    GATEHOUSE_ASSERT(value.size() <= block_size);
    if (value.empty())
        return 0;
    auto const needed = (value.size() + unit - 1) / unit;
    if (units_a_block - used_ < needed) {
        blocks_.push_back(std::make_unique<secret<block_size>>());
        used_ = 0;
    }
    auto const block = blocks_.back()->expose_mutable().subspan(used_ * unit);
    std::copy(value.begin(), value.end(), block.begin());
    auto const offset = (blocks_.size() - 1) * units_a_block + used_;
    GATEHOUSE_ASSERT(offset <= ~std::uint32_t{0});
    used_ += needed;
    return static_cast<std::uint32_t>(offset);
}

bytes secret_arena::at(std::uint32_t offset, std::size_t size) const noexcept
{
    if (size == 0)
        return {};
    bytes const block = blocks_[offset / units_a_block]->expose();
    return block.subspan(offset % units_a_block * unit, size);
}

}  // namespace gatehouse::identity
