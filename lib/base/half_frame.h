// What has arrived of a frame that is not whole yet: in a block while it fits, on the heap beyond,
// where it grows as more arrives and not before. It has its place among all that are unfinished.
//
// Owned by a connection, on its worker's thread. Nothing is held while there is nothing to keep.
#pragma once

#include "base/block_pool.h"
#include "base/bytes.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace gatehouse {

class half_frame {
public:
    half_frame() noexcept = default;
    ~half_frame() = default;  // after `release`
    half_frame(half_frame const&) = delete;
    half_frame& operator=(half_frame const&) = delete;

    std::size_t size() const noexcept { return large_ ? large_->size : small_.size(); }
    bool empty() const noexcept { return size() == 0; }
    bool is_large() const noexcept { return large_ != nullptr; }
    bytes contents() const noexcept;

    // Of a large one: room behind the contents for at least `least_room` bytes; what is read into
    // it is given to `grown`, which returns all that there is now.
    static constexpr std::size_t least_space = 4096;
    mutable_bytes space();
    mutable_bytes grown(std::size_t by) noexcept;

    // Keeps `rest` in place of what was kept; it may be the end of that. Other holders may be asked
    // to make way.
    void keep(bytes rest, block_pool& blocks, unfinished::holder who, unfinished::part what);

    // What was kept goes, because it is looked at elsewhere; its place among others stays until it
    // is kept again or released.
    void set_aside() noexcept;

    // Wiped: it may have held plaintext. `blocks` are those of `keep`.
    void release(block_pool& blocks) noexcept;

private:
    struct heap_memory {
        std::unique_ptr<std::uint8_t[]> data;
        std::size_t capacity = 0;
        std::size_t size = 0;

        heap_memory() = default;
        ~heap_memory();
        heap_memory(heap_memory const&) = delete;
        heap_memory& operator=(heap_memory const&) = delete;

        void grow_to(std::size_t wanted);
    };

    void keep_small(bytes rest, block_pool& blocks);
    void keep_large(bytes rest);

    [[no_unique_address]] block small_;
    unfinished::slot slot_ = unfinished::nowhere;  // in what the block leaves of a word
    std::unique_ptr<heap_memory> large_;
};

}  // namespace gatehouse
