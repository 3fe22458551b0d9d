// Memory for objects of one size, set aside before anybody asks for it.
//
// What an unproven peer can make us keep comes from the reserve and is bounded by it. Chunks are
// cut from slabs, without the heap's own bytes about each; slabs stay until the pool dies, so it is
// as large as its owner ever needed at once. One pool a worker and kind of object, on that worker's
// thread.
#pragma once

#include <boost/pool/pool.hpp>

#include <cstddef>
#include <vector>

namespace gatehouse {

// Outlives every chunk that it lent.
class chunk_pool {
public:
    static constexpr std::size_t alignment = alignof(void*);

    // Allocates `reserve` chunks of at least `size` bytes.
    chunk_pool(std::size_t size, std::size_t reserve);
    chunk_pool(chunk_pool const&) = delete;
    chunk_pool& operator=(chunk_pool const&) = delete;
    ~chunk_pool() = default;

    // From the reserve while it lasts, else from a slab.
    void* take();
    // To the reserve if it is not full.
    void give_back(void* chunk) noexcept;

    // The owner of a chunk has proven itself and keeps it: the reserve gets another.
    void replace_one();

    std::size_t ready() const noexcept { return ready_.size(); }

private:
    static constexpr std::size_t chunks_a_slab = 128;

    void* cut();

    boost::pool<> slabs_;
    std::size_t reserve_;
    std::vector<void*> ready_;
};

}  // namespace gatehouse
