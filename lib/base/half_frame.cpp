#include "base/half_frame.h"

#include "base/assert.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace gatehouse {

half_frame::heap_memory::~heap_memory()
{
    if (data)
        ::explicit_bzero(data.get(), capacity);
}

void half_frame::heap_memory::grow_to(std::size_t wanted)
{
    heap_memory larger;
    larger.data = std::make_unique_for_overwrite<std::uint8_t[]>(wanted);
    larger.capacity = wanted;
    larger.size = size;
    std::copy_n(data.get(), size, larger.data.get());
    std::swap(data, larger.data);
    std::swap(capacity, larger.capacity);
}

bytes half_frame::contents() const noexcept
{
    if (large_)
        return {large_->data.get(), large_->size};
    return small_ ? small_.contents() : bytes{};
}

mutable_bytes half_frame::space()
{
    GATEHOUSE_ASSERT(large_);
    if (large_->capacity - large_->size < least_space)
        large_->grow_to(std::max(2 * large_->size, large_->size + least_space));
    return mutable_bytes{large_->data.get(), large_->capacity}.subspan(large_->size);
}

mutable_bytes half_frame::grown(std::size_t by) noexcept
{
    GATEHOUSE_ASSERT(large_ && by <= large_->capacity - large_->size);
    large_->size += by;
    return {large_->data.get(), large_->size};
}

void half_frame::keep(bytes rest, block_pool& blocks, unfinished::holder who, unfinished::part what)
{
    if (rest.empty()) {
        release(blocks);
        return;
    }
    if (rest.size() > block_size)
        keep_large(rest);
    else
        keep_small(rest, blocks);
    blocks.parts().note(slot_, who, large_ ? large_->capacity : block_size, what);
}

void half_frame::keep_small(bytes rest, block_pool& blocks)
{
    auto fresh = blocks.take();
    GATEHOUSE_ASSERT(fresh.append(rest));
    small_ = std::move(fresh);
    large_.reset();
}

void half_frame::keep_large(bytes rest)
{
    if (large_ && rest.data() == large_->data.get()) {
        large_->size = rest.size();
        return;
    }
    auto fresh = std::make_unique<heap_memory>();
    fresh->grow_to(rest.size() + least_space);
    std::copy(rest.begin(), rest.end(), fresh->data.get());
    fresh->size = rest.size();
    large_ = std::move(fresh);
    small_.release();
}

void half_frame::set_aside() noexcept
{
    small_.release();
    large_.reset();
}

void half_frame::release(block_pool& blocks) noexcept
{
    set_aside();
    blocks.parts().drop(slot_);
}

}  // namespace gatehouse
