// A cursor over received bytes. A read past the end poisons the reader: every later read yields
// zeros or an empty view, and `ok()` says so once, at the end.
#pragma once

#include "base/bytes.h"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>

namespace gatehouse::wire {

class reader {
public:
    explicit reader(bytes data) noexcept : rest_{data} {}

    bool ok() const noexcept { return ok_; }
    bool at_end() const noexcept { return ok_ && rest_.empty(); }
    std::size_t remaining() const noexcept { return rest_.size(); }

    // The next `size` bytes, in place.
    bytes take(std::size_t size) noexcept
    {
        if (size > rest_.size()) {
            ok_ = false;
            rest_ = {};
            return {};
        }
        auto const taken = rest_.first(size);
        rest_ = rest_.subspan(size);
        return taken;
    }

    bytes take_rest() noexcept { return take(rest_.size()); }

    template <std::size_t N>
    std::array<std::uint8_t, N> array() noexcept
    {
        std::array<std::uint8_t, N> out{};
        auto const source = take(N);
        std::copy(source.begin(), source.end(), out.begin());
        return out;
    }

    template <std::unsigned_integral T>
    T little() noexcept
    {
        T value = 0;
        std::size_t shift = 0;
        for (auto const byte : take(sizeof(T))) {
            value = static_cast<T>(value | static_cast<T>(static_cast<T>(byte) << shift));
            shift += 8;
        }
        return value;
    }

    template <std::unsigned_integral T>
    T big() noexcept
    {
        T value = 0;
        for (auto const byte : take(sizeof(T)))
            value = static_cast<T>(static_cast<std::uint64_t>(value) << 8 | byte);
        return value;
    }

private:
    bytes rest_;
    bool ok_ = true;
};

}  // namespace gatehouse::wire
