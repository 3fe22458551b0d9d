#include "bench/support/heap.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>

#include <malloc.h>

namespace gatehouse::bench {

namespace {

thread_local constinit heap_account account;

// In front of each of glibc's blocks stands its size.
constexpr std::size_t block_header = sizeof(std::size_t);

}  // namespace

void heap_account::took(std::size_t size) noexcept
{
    allocations_.store(allocations_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    count(size, 1);
}

void heap_account::gave_back(std::size_t size) noexcept
{
    count(size, -1);
}

// One writer: nothing has to be atomic but the words themselves.
void heap_account::count(std::size_t size, std::int64_t blocks) noexcept
{
    auto const add = [](std::atomic<std::int64_t>& to, std::int64_t by) {
        to.store(to.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
    };
    add(live_bytes_, blocks * static_cast<std::int64_t>(size));
    add(live_blocks_[std::min(size / size_step, size_steps - 1)], blocks);
}

heap_account::blocks_by_size heap_account::live_blocks() const noexcept
{
    blocks_by_size seen{};
    std::transform(live_blocks_.begin(), live_blocks_.end(), seen.begin(), [](auto const& blocks) {
        return blocks.load(std::memory_order_relaxed);
    });
    return seen;
}

heap_reading heap_account::read() const noexcept
{
    return {
        allocations_.load(std::memory_order_relaxed),
        live_bytes_.load(std::memory_order_relaxed),
    };
}

heap_account& heap_of_this_thread() noexcept
{
    return account;
}

namespace {

void* counted(void* block) noexcept
{
    if (block != nullptr)
        account.took(::malloc_usable_size(block) + block_header);
    return block;
}

void uncounted(void* block) noexcept
{
    if (block != nullptr)
        account.gave_back(::malloc_usable_size(block) + block_header);
}

}  // namespace

}  // namespace gatehouse::bench

// glibc's own names for what is replaced here.
extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* block);

void* malloc(std::size_t size)
{
    return gatehouse::bench::counted(__libc_malloc(size));
}

void* calloc(std::size_t count, std::size_t size)
{
    return gatehouse::bench::counted(__libc_calloc(count, size));
}

void* realloc(void* block, std::size_t size)
{
    gatehouse::bench::uncounted(block);
    return gatehouse::bench::counted(__libc_realloc(block, size));
}

void* memalign(std::size_t alignment, std::size_t size)
{
    return gatehouse::bench::counted(__libc_memalign(alignment, size));
}

void* aligned_alloc(std::size_t alignment, std::size_t size)
{
    return gatehouse::bench::counted(__libc_memalign(alignment, size));
}

int posix_memalign(void** made, std::size_t alignment, std::size_t size)
{
    *made = gatehouse::bench::counted(__libc_memalign(alignment, size));
    return *made != nullptr ? 0 : ENOMEM;
}

void free(void* block)
{
    gatehouse::bench::uncounted(block);
    __libc_free(block);
}

}  // extern "C"
