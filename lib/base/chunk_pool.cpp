#include "base/chunk_pool.h"

#include <new>

namespace gatehouse {

chunk_pool::chunk_pool(std::size_t size, std::size_t reserve) : size_{size}, reserve_{reserve}
{
    ready_.reserve(reserve_);
    while (ready_.size() < reserve_)
        replace_one();
}

chunk_pool::~chunk_pool()
{
    for (auto* chunk : ready_)
        ::operator delete(chunk);
}

void* chunk_pool::take()
{
    if (ready_.empty())
        return ::operator new(size_);
    auto* chunk = ready_.back();
    ready_.pop_back();
    return chunk;
}

void chunk_pool::give_back(void* chunk) noexcept
{
    if (ready_.size() < reserve_)
        ready_.push_back(chunk);
    else
        ::operator delete(chunk);
}

void chunk_pool::replace_one()
{
    if (ready_.size() < reserve_)
        ready_.push_back(::operator new(size_));
}

}  // namespace gatehouse
