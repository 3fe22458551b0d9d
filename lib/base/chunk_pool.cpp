#include "base/chunk_pool.h"

#include "base/poison.h"

#include <algorithm>
#include <new>

namespace gatehouse {

namespace {

// An unused chunk begins with the slabs' own link.
constexpr std::size_t link_size = sizeof(void*);

std::size_t chunk_size(std::size_t wanted)
{
    auto const least = std::max(wanted, link_size);
    return (least + chunk_pool::alignment - 1) / chunk_pool::alignment * chunk_pool::alignment;
}

}  // namespace

chunk_pool::chunk_pool(std::size_t size, std::size_t reserve)
    : slabs_{chunk_size(size), chunks_a_slab, chunks_a_slab}
    , reserve_{reserve}
{
    ready_.reserve(reserve_);
    while (ready_.size() < reserve_)
        replace_one();
}

void* chunk_pool::cut()
{
    auto* chunk = slabs_.malloc();
    if (chunk == nullptr)
        throw std::bad_alloc{};
    return chunk;
}

void* chunk_pool::take()
{
    if (ready_.empty())
        ready_.push_back(cut());
    auto* chunk = ready_.back();
    ready_.pop_back();
    unpoison(chunk, slabs_.get_requested_size());
    return chunk;
}

void chunk_pool::give_back(void* chunk) noexcept
{
    auto* const behind_link = static_cast<std::byte*>(chunk) + link_size;
    poison(behind_link, slabs_.get_requested_size() - link_size);
    if (ready_.size() < reserve_)
        ready_.push_back(chunk);
    else
        slabs_.free(chunk);
}

void chunk_pool::replace_one()
{
    if (ready_.size() < reserve_)
        ready_.push_back(cut());
}

}  // namespace gatehouse
