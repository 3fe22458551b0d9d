// What each thread takes from the heap and gives back. Linking heap.cpp replaces malloc and its
// relatives, so operator new and the cryptographic library are counted too.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace gatehouse::bench {

struct heap_reading {
    std::uint64_t allocations = 0;
    std::int64_t live_bytes =
        0;  // taken less given back, as malloc rounds them, its headers included
};

// Written by its own thread, read by any. A block counts for the thread that allocates it and, with
// the opposite sign, for the one that frees it.
class heap_account {
public:
    void took(std::size_t size) noexcept;
    void gave_back(std::size_t size) noexcept;
    heap_reading read() const noexcept;

    // Live blocks by size, in steps of malloc's own rounding; the last step has all larger ones.
    static constexpr std::size_t size_step = 16;
    static constexpr std::size_t size_steps = 512;
    using blocks_by_size = std::array<std::int64_t, size_steps>;
    blocks_by_size live_blocks() const noexcept;

private:
    void count(std::size_t size, std::int64_t blocks) noexcept;

    std::atomic<std::uint64_t> allocations_{0};
    std::atomic<std::int64_t> live_bytes_{0};
    std::array<std::atomic<std::int64_t>, size_steps> live_blocks_{};
};

// Lives as long as the thread.
heap_account& heap_of_this_thread() noexcept;

}  // namespace gatehouse::bench
