// Memory that is overwritten before it is given back: answers and requests may hold keys.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string>

namespace gatehouse::ctl {

template <class T>
struct wiping_allocator {
    using value_type = T;

    wiping_allocator() noexcept = default;
    template <class U>
    // NOLINTNEXTLINE(google-explicit-constructor): containers convert allocators silently
    wiping_allocator(wiping_allocator<U> const& /*other*/) noexcept
    {
    }

    T* allocate(std::size_t count) { return std::allocator<T>{}.allocate(count); }
    void deallocate(T* memory, std::size_t count) noexcept
    {
        ::explicit_bzero(memory, count * sizeof(T));
        std::allocator<T>{}.deallocate(memory, count);
    }

    template <class U>
    bool operator==(wiping_allocator<U> const& /*other*/) const noexcept
    {
        return true;
    }
};

// Texts of up to 15 characters lie in the object itself and are not wiped; keys are longer.
using wiped_string = std::basic_string<char, std::char_traits<char>, wiping_allocator<char>>;

}  // namespace gatehouse::ctl
