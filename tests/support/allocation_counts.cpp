#include "support/allocation_counts.h"

#include <cstdlib>
#include <new>

namespace {

thread_local std::size_t count = 0;

}  // namespace

std::size_t gatehouse::test::allocations() noexcept
{
    return count;
}

// The other forms of new and delete end up in these.
void* operator new(std::size_t size)
{
    ++count;
    auto* const memory = std::malloc(size);
    if (memory == nullptr)
        throw std::bad_alloc{};
    return memory;
}

void operator delete(void* memory) noexcept
{
    std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept
{
    operator delete(memory);
}
