// How often this thread asked the heap for memory through `new`. Only for programs that link
// test_allocation_counts (support.cmake).
#pragma once

#include <cstddef>

namespace gatehouse::test {

std::size_t allocations() noexcept;

}  // namespace gatehouse::test
