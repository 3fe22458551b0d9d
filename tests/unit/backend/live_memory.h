// How much memory of the heap is in use: the executable counts what passes through new and delete.
#pragma once

#include <cstddef>

namespace gatehouse::test {

// Bytes in use by all threads, now.
std::size_t live_memory() noexcept;

}  // namespace gatehouse::test
