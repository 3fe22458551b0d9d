// Counters as plain numbers: each is written by one worker only and read by the scrape.
#pragma once

#include "base/end_reason.h"
#include "base/time.h"
#include "metrics/labels.h"
#include "metrics/shared_list.h"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace gatehouse::metrics {

// One writer, any reader. A gauge may be lowered.
class cell {
public:
    void add(std::uint64_t by = 1) noexcept
    {
        value_.store(value_.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
    }
    void subtract(std::uint64_t by = 1) noexcept
    {
        value_.store(value_.load(std::memory_order_relaxed) - by, std::memory_order_relaxed);
    }
    void set(std::uint64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
    std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

// Upper bounds in microseconds; one bucket more for what is beyond.
inline constexpr std::array<std::uint64_t, 13> handshake_bounds{
    1'000,
    2'500,
    5'000,
    10'000,
    25'000,
    50'000,
    100'000,
    250'000,
    500'000,
    1'000'000,
    2'500'000,
    5'000'000,
    10'000'000,
};

struct histogram {
    std::array<cell, handshake_bounds.size() + 1> buckets;  // not cumulative
    cell sum;                                               // microseconds

    void observe(duration taken) noexcept;
};

struct listener_cells {
    std::array<cell, handshake_result_names.size()> handshakes;
    std::array<cell, limit_names.size()> limited;
    histogram handshake_time;
    cell sessions;
    cell half_open;
    cell parts_dropped;   // halves of frames and messages that made way for others
    cell lines_left_out;  // log lines about sessions that came and went too often
    std::array<cell, end_reason_names.size()> closed;
    std::array<cell, direction_names.size()> messages;
    std::array<cell, direction_names.size()> message_bytes;
    std::array<cell, rejection_names.size()> rejected;

    // Datagram listeners only.
    std::array<cell, datagram_drop_names.size()> dropped;
    cell moves;          // of sessions to a new address
    cell retransmitted;  // frames
    cell undelivered;    // messages for devices
    cell hello_retries;  // hellos answered with a cookie
    cell asks_cookies;   // 1 while hellos must show one

    // Listeners for single requests only.
    std::array<cell, request_result_names.size()> requests;
    cell remembered;       // requests, to know them when they come again
    cell forgotten_early;  // of them, for want of room
};

struct backend_cells {
    cell connected;
    cell queued_bytes;     // of records that wait for delivery
    cell queued_messages;  // messages among them
    cell unsent_bytes;     // of records that the socket has not taken
    cell connections;      // successful ones, the first included
    cell refused_records;  // records of the backend answered with an error, or not at all
    cell dropped_errors;   // of those answers, the ones that there was no room for
    cell forwarded_bytes;  // of commands on their way to other workers and back
    cell unread;           // 1 while no more commands are read, because too many are on their way
    cell pauses;           // how often that was so
};

// All that one worker counts, by slot (net/shared_snapshot.h). A reload makes a longer copy, which
// shares what was there.
struct worker_cells {
    shared_list<listener_cells> listeners;
    shared_list<backend_cells> backends;
    std::vector<shared_list<cell>> credential_sessions;  // by credential set and key index
};

template <class Enum, std::size_t N>
cell& cell_of(std::array<cell, N>& cells, Enum which) noexcept
{
    return cells.at(static_cast<std::size_t>(which));
}

}  // namespace gatehouse::metrics
