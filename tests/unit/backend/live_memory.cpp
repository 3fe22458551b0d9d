#include "unit/backend/live_memory.h"

#include <atomic>
#include <cstdlib>
#include <new>

#include <malloc.h>

namespace {

std::atomic<std::size_t> in_use{0};

}  // namespace

std::size_t gatehouse::test::live_memory() noexcept
{
    return in_use;
}

// The other forms of new and delete end up in these.
void* operator new(std::size_t size)
{
    auto* memory = std::malloc(size);
    if (memory == nullptr)
        throw std::bad_alloc{};
    in_use += ::malloc_usable_size(memory);
    return memory;
}

void operator delete(void* memory) noexcept
{
    in_use -= ::malloc_usable_size(memory);
    std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept
{
    operator delete(memory);
}
