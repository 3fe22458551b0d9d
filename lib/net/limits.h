// Bounds of lib/net that no setting changes.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace gatehouse::net_limits {

inline constexpr std::size_t read_size = std::size_t{64} << 10;  // bytes a recv
inline constexpr std::size_t spare_blocks = 256;                 // recycled, a worker and listener
inline constexpr std::size_t least_half_records = std::size_t{256} << 10;  // bytes, likewise
inline constexpr std::size_t ephemeral_keys = 128;                         // made ahead, a worker
inline constexpr std::size_t last_reads = 16;           // of a session whose device has a newer one
inline constexpr std::chrono::seconds goodbye_time{1};  // for a device to hang up after BYE
inline constexpr std::chrono::seconds unread_patience{1};        // between looks at a silent device
inline constexpr std::chrono::seconds backend_proven{1};         // a connection that lasted
inline constexpr std::chrono::seconds goodbye_longest{30};       // for one that still sends
inline constexpr std::size_t cork_size = std::size_t{64} << 10;  // downlink bytes put together
inline constexpr std::size_t woken_a_turn = 64;                  // paused sessions, when room comes
inline constexpr std::size_t records_a_turn = 256;               // of a backend connection
// Of a backend connection's commands on their way to other workers; one command goes beyond it.
inline constexpr std::size_t forwarded_bytes = std::size_t{256} << 10;
inline constexpr std::size_t drained_a_turn = 256;         // sessions, at shutdown
inline constexpr std::size_t reviewed_a_turn = 256;        // sessions, after a change of keys
inline constexpr std::size_t listed_a_turn = 1024;         // sessions, for an operator
inline constexpr std::chrono::seconds between_tidying{1};  // looks at what a reload removed
inline constexpr int accept_backlog = 4096;
inline constexpr std::chrono::milliseconds accept_pause{100};  // when descriptors run out
inline constexpr std::chrono::milliseconds blind_pause{1};     // when even a wait has no memory
inline constexpr unsigned descriptor_reserve = 128;            // not for devices; of few, a quarter

// HTTP: metrics and administration.
inline constexpr std::size_t http_connections = 64;  // of an endpoint
inline constexpr std::size_t admin_reserved = 4;     // of them, for root and the daemon's user
inline constexpr std::size_t http_turned_away = 8;   // at once, that are told why
inline constexpr std::uint32_t http_header = 8U << 10;
inline constexpr std::uint32_t admin_header = 16U << 10;
inline constexpr std::size_t http_answers = std::size_t{64} << 20;  // bytes that are not taken
inline constexpr std::chrono::seconds http_time{10};
inline constexpr std::chrono::seconds admin_time{
    60};  // for a request, and for its answer to go out
inline constexpr std::chrono::seconds http_drain_time{1};  // for a client that was refused early
inline constexpr std::size_t http_drain_size = std::size_t{1} << 20;

// Datagram listeners.
inline constexpr std::chrono::seconds datagram_goodbye_time{2};  // for BYE to be acknowledged
inline constexpr std::chrono::seconds goodbye_memory{5};  // a device's BYE is acknowledged again
inline constexpr std::chrono::seconds between_moves{1};   // of one session
inline constexpr std::chrono::milliseconds between_capacity_requests{10};  // to other workers
inline constexpr std::size_t spare_requests = 64;                          // recycled, a port
inline constexpr double part_for_unproven = 1.0 / 3;  // of a core: requests that prove nothing
inline constexpr std::size_t datagrams_a_read = 64;
inline constexpr std::size_t reads_a_turn = 4;
inline constexpr std::size_t largest_datagram = 2048;  // as long as any protocol's here
inline constexpr std::size_t batches_under_way = 4;    // of datagrams, to one other worker
inline constexpr std::size_t datagrams_a_batch = 64;

}  // namespace gatehouse::net_limits
