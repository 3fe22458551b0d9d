// Text in memory of its own, of a few words and numbers: no heap.
#pragma once

#include "base/assert.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gatehouse::array_crypto {

template <std::size_t Limit>
class short_text {
public:
    std::string_view view() const noexcept { return {characters_.data(), size_}; }

    short_text& add(std::string_view text) noexcept
    {
        GATEHOUSE_ASSERT(text.size() <= Limit - size_);
        std::copy(text.begin(), text.end(), characters_.data() + size_);
        size_ += text.size();
        return *this;
    }

    short_text& add(std::uint64_t number) noexcept
    {
        std::array<char, 20> digits{};
        auto const* const end = std::to_chars(digits.data(), digits.data() + 20, number).ptr;
        return add({digits.data(), static_cast<std::size_t>(end - digits.data())});
    }

private:
    std::array<char, Limit> characters_{};
    std::size_t size_ = 0;
};

}  // namespace gatehouse::array_crypto
