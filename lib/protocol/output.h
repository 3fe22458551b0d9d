// What a session wants sent, in buffers that its caller owns.
//
// One `output` a worker. It is empty before a session is called, filled by it, emptied by the
// caller afterwards; its memory is reused and grows to what the busiest call needed.
#pragma once

#include "base/block_pool.h"
#include "base/bytes.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace gatehouse {

// Bytes for the device, as whole frames in order. Streams send `all()`; datagram ports one frame
// each.
class wire_buffer {
public:
    // Room for a frame of `size` bytes, to be filled at once.
    mutable_bytes frame(std::size_t size)
    {
        auto const start = data_.size();
        data_.resize(start + size);
        ends_.push_back(static_cast<std::uint32_t>(data_.size()));
        return mutable_bytes{data_}.subspan(start);
    }

    bytes all() const noexcept { return data_; }
    bool empty() const noexcept { return data_.empty(); }
    std::size_t frames() const noexcept { return ends_.size(); }
    bytes frame_at(std::size_t index) const noexcept
    {
        auto const start = index == 0 ? 0 : ends_[index - 1];
        return all().subspan(start, ends_[index] - start);
    }
    void clear() noexcept
    {
        data_.clear();
        ends_.clear();
    }

private:
    std::vector<std::uint8_t> data_;
    std::vector<std::uint32_t> ends_;
};

// A message of the backend that the device did not acknowledge.
struct undelivered_message {
    std::uint64_t number = 0;  // of the session's messages in this direction, from 1
    bytes payload;
};

struct output {
    wire_buffer wire;          // for the device
    std::vector<bytes> up;     // whole messages for the backend, in order
    std::vector<bytes> plain;  // JSON that came unprotected beside up[i], by index; may be shorter
    std::vector<undelivered_message> undelivered;  // to be reported to the backend
    std::uint32_t retransmitted = 0;               // frames in `wire` that were sent before

    // Keeps memory that `up` or `undelivered` points into alive until `clear`.
    void hold(block memory) { held_.push_back(std::move(memory)); }

    // From now to the next `clear` a stream's session takes no more once so many messages, or bytes
    // of them, are there.
    void set_capacity(std::size_t messages, std::size_t size) noexcept
    {
        most_messages_ = messages;
        most_bytes_ = size;
    }
    bool is_full() noexcept
    {
        for (; summed_ < up.size(); ++summed_)
            bytes_ += up[summed_].size();
        return summed_ >= most_messages_ || bytes_ >= most_bytes_;
    }

    void clear() noexcept
    {
        wire.clear();
        up.clear();
        plain.clear();
        undelivered.clear();
        retransmitted = 0;
        held_.clear();
        set_capacity(unlimited, unlimited);
        summed_ = 0;
        bytes_ = 0;
    }

private:
    static constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

    std::vector<block> held_;
    std::size_t most_messages_ = unlimited;
    std::size_t most_bytes_ = unlimited;
    std::size_t summed_ = 0;  // messages of `up` whose sizes are in `bytes_`
    std::size_t bytes_ = 0;
};

}  // namespace gatehouse
