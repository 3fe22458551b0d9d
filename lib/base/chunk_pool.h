// Memory for objects of one size, set aside before anybody asks for it.
//
// What an unproven peer can make us keep comes from the reserve and is bounded by it. One pool a
// worker and kind of object, on that worker's thread.
#pragma once

#include <cstddef>
#include <vector>

namespace gatehouse {

// Outlives every chunk that it lent.
class chunk_pool {
public:
    // Allocates `reserve` chunks of `size` bytes, aligned for any object.
    chunk_pool(std::size_t size, std::size_t reserve);
    ~chunk_pool();
    chunk_pool(chunk_pool const&) = delete;
    chunk_pool& operator=(chunk_pool const&) = delete;

    // From the reserve while it lasts, else from the heap.
    void* take();
    // To the reserve if it is not full, else to the heap.
    void give_back(void* chunk) noexcept;

    // The owner of a chunk has proven itself and keeps it: the reserve gets another.
    void replace_one();

    std::size_t ready() const noexcept { return ready_.size(); }

private:
    std::size_t size_;
    std::size_t reserve_;
    std::vector<void*> ready_;
};

}  // namespace gatehouse
