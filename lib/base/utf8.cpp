#include "base/utf8.h"

#include <algorithm>
#include <cstdint>

namespace gatehouse {

namespace {

struct lead {
    std::size_t continuation;  // bytes that must follow
    std::uint32_t value;       // payload bits of the first byte
    std::uint32_t smallest;    // below this the form is overlong
};

constexpr lead invalid{0, 0, 1};

constexpr lead classify(std::uint8_t first) noexcept
{
    if (first < 0x80)
        return {0, first, 0};
    if ((first & 0xe0) == 0xc0)
        return {1, first & 0x1fU, 0x80};
    if ((first & 0xf0) == 0xe0)
        return {2, first & 0x0fU, 0x800};
    if ((first & 0xf8) == 0xf0)
        return {3, first & 0x07U, 0x10000};
    return invalid;
}

}  // namespace

bool is_utf8(bytes data) noexcept
{
    while (!data.empty()) {
        auto const head = classify(data.front());
        if (data.size() <= head.continuation)
            return false;
        auto code = head.value;
        for (auto const next : data.subspan(1, head.continuation)) {
            if ((next & 0xc0) != 0x80)
                return false;
            code = code << 6 | (next & 0x3fU);
        }
        bool const surrogate = code >= 0xd800 && code <= 0xdfff;
        if (code < head.smallest || code > 0x10ffff || surrogate)
            return false;
        data = data.subspan(1 + head.continuation);
    }
    return true;
}

}  // namespace gatehouse
