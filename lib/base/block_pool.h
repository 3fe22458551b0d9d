// Fixed-size blocks, recycled: where a session keeps the few bytes of an unfinished frame or
// message.
//
// One pool a worker, used on that worker's thread only. An idle session holds no block.
#pragma once

#include "base/bytes.h"
#include "base/unfinished.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace gatehouse {

inline constexpr std::size_t block_size = 2048;

class block_pool;

// A block on loan: a byte buffer of fixed capacity that fills from the front and goes back to its
// pool when it dies. Empty (holding nothing) after default construction or a move.
class block {
public:
    block() noexcept = default;
    ~block() { release(); }
    block(block const&) = delete;
    block& operator=(block const&) = delete;
    block(block&& other) noexcept
        : pool_{std::exchange(other.pool_, nullptr)}
        , storage_{std::move(other.storage_)}
        , size_{std::exchange(other.size_, 0)}
    {
    }
    block& operator=(block&& other) noexcept
    {
        if (this != &other) {
            release();
            pool_ = std::exchange(other.pool_, nullptr);
            storage_ = std::move(other.storage_);
            size_ = std::exchange(other.size_, 0);
        }
        return *this;
    }

    explicit operator bool() const noexcept { return storage_ != nullptr; }
    std::size_t size() const noexcept { return size_; }
    mutable_bytes contents() noexcept { return {storage_->data(), size_}; }
    bytes contents() const noexcept { return {storage_->data(), size_}; }

    // False, and nothing changed, when `data` does not fit.
    [[nodiscard]] bool append(bytes data) noexcept;

    // Gives the block back now; wiped, since it may have held plaintext.
    void release() noexcept;

    // Where it goes back to; it must hold something.
    block_pool& pool() const noexcept { return *pool_; }

private:
    friend class block_pool;
    using storage = std::array<std::uint8_t, block_size>;

    block(block_pool& pool, std::unique_ptr<storage> memory) noexcept
        : pool_{&pool}
        , storage_{std::move(memory)}
    {
    }

    block_pool* pool_ = nullptr;
    std::unique_ptr<storage> storage_;
    std::uint32_t size_ = 0;
};

// Outlives every block that it lent.
class block_pool {
public:
    // Keeps at most `spare` unused blocks; beyond that they go back to the heap.
    explicit block_pool(std::size_t spare) : spare_limit_{spare} { spare_.reserve(spare); }

    block take();

    // Who keeps a part of a frame or message, in these blocks or elsewhere.
    unfinished& parts() noexcept { return parts_; }

private:
    friend class block;
    void give_back(std::unique_ptr<block::storage> memory) noexcept;

    std::size_t spare_limit_;
    std::vector<std::unique_ptr<block::storage>> spare_;
    unfinished parts_;
};

}  // namespace gatehouse
