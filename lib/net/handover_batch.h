// Datagrams that the kernel gave to the wrong worker, on their way to the right one.
//
// The one copy that a datagram may cost beside the kernel's. A batch is filled by the worker that
// sends it, emptied by the one that gets it, and sent back for reuse: nothing is allocated a
// datagram, and few batches are under way at once.
#pragma once

#include "gateway/arrived_datagram.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gatehouse {

class handover_batch {
public:
    std::size_t size() const noexcept { return entries_.size(); }

    void add(arrived_datagram const& one)
    {
        entries_.push_back({one, bytes_.size(), one.data.size()});
        bytes_.insert(bytes_.end(), one.data.begin(), one.data.end());
    }

    arrived_datagram at(std::size_t index)
    {
        auto const& kept = entries_.at(index);
        auto found = kept.what;
        found.data = mutable_bytes{bytes_}.subspan(kept.start, kept.size);
        return found;
    }

    void clear() noexcept
    {
        entries_.clear();
        bytes_.clear();
    }

private:
    struct entry {
        arrived_datagram what;  // its bytes are in `bytes_`
        std::size_t start = 0;
        std::size_t size = 0;
    };
    std::vector<entry> entries_;
    std::vector<std::uint8_t> bytes_;
};

}  // namespace gatehouse
