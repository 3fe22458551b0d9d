// Which of many may come from an address, when some are bound to ranges of addresses.
//
// Immutable; any thread may ask. Numbers are places in a list that the caller has.
#pragma once

#include "identity/source_range.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace gatehouse::identity {

class source_index {
public:
    // `from` empty: anywhere. Each number once; finish() before anything is asked.
    void add(std::uint32_t number, std::span<source_range const> from);
    void finish();

    // Those that may come from `address`, as many as fit: bound ones first, narrow ranges before
    // wide ones. How many were written. A few hundred nanoseconds and a few more for each found.
    std::size_t find(source_address const& address, std::span<std::uint32_t> into) const noexcept;

    // How many `find` gives at most, whatever the address.
    std::size_t most() const noexcept { return most_; }

private:
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): a range cannot be without a value
    struct entry {
        source_range range;
        std::uint32_t number = 0;
        auto operator<=>(entry const&) const noexcept = default;
    };

    void count_most();

    std::vector<entry> bound_;       // by range
    std::vector<unsigned> lengths_;  // of their ranges, longest first
    std::vector<std::uint32_t> anywhere_;
    std::size_t most_ = 0;
};

}  // namespace gatehouse::identity
