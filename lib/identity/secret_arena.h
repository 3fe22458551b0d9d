// Many small secrets in few blocks of memory that never move, wiped when the arena dies.
#pragma once

#include "base/bytes.h"
#include "base/secret.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace gatehouse::identity {

class secret_arena {
public:
    static constexpr std::size_t block_size = std::size_t{16} << 10;

    // Where a copy of `value` (at most `block_size` bytes) now stands.
    std::uint32_t add(bytes value);

    bytes at(std::uint32_t offset, std::size_t size) const noexcept;

private:
    // A place counts in units, so that 32 bits reach 32 GiB.
    static constexpr std::size_t unit = 8;
    static constexpr std::size_t units_a_block = block_size / unit;

    std::vector<std::unique_ptr<secret<block_size>>> blocks_;
    std::size_t used_ = units_a_block;  // units of the last block
};

}  // namespace gatehouse::identity
