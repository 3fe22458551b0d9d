// A cursor over bytes to be sent, in a span whose size the caller computed. Writing past the end is
// a bug of ours, not a condition.
#pragma once

#include "base/assert.h"
#include "base/bytes.h"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>

namespace gatehouse::wire {

class writer {
public:
    explicit writer(mutable_bytes out) noexcept : out_{out} {}

    std::size_t written() const noexcept { return at_; }
    std::size_t remaining() const noexcept { return out_.size() - at_; }

    // The next `size` bytes, to be filled by the caller.
    mutable_bytes claim(std::size_t size) noexcept
    {
        GATEHOUSE_ASSERT(size <= remaining());
        auto const claimed = out_.subspan(at_, size);
        at_ += size;
        return claimed;
    }

    writer& put(bytes data) noexcept
    {
        std::copy(data.begin(), data.end(), claim(data.size()).begin());
        return *this;
    }

    template <std::unsigned_integral T>
    writer& little(T value) noexcept
    {
        for (auto& byte : claim(sizeof(T))) {
            byte = static_cast<std::uint8_t>(value);
            value = static_cast<T>(static_cast<std::uint64_t>(value) >> 8);
        }
        return *this;
    }

    template <std::unsigned_integral T>
    writer& big(T value) noexcept
    {
        auto const to = claim(sizeof(T));
        for (std::size_t i = sizeof(T); i-- > 0;) {
            to[i] = static_cast<std::uint8_t>(value);
            value = static_cast<T>(static_cast<std::uint64_t>(value) >> 8);
        }
        return *this;
    }

private:
    mutable_bytes out_;
    std::size_t at_ = 0;
};

}  // namespace gatehouse::wire
