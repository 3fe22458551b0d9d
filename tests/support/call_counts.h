// How often the cryptographic library was asked for something expensive: for promises about cost.
// Only for programs that link test_call_counts (support.cmake).
#pragma once

#include <cstddef>

namespace gatehouse::test {

std::size_t macs_computed() noexcept;
std::size_t keys_agreed() noexcept;
std::size_t keys_derived() noexcept;
std::size_t signatures_made() noexcept;
std::size_t signatures_verified() noexcept;

}  // namespace gatehouse::test
