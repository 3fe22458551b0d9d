// The `records` encoding: length-prefixed binary, all integers big-endian
// (docs/reference/records.md, "records").
//
//   record  = length u32 | type u8 | flags u8 | session (8 bytes) | body
//   length    counts what follows it
//   type      1 hello, 2 open, 3 data, 4 close, 5 ack, 6 error, 7 undelivered
//   flags     bit 0: sent again after a lost connection; of open, bit 1: its protocol proves
//             nothing, bit 2: anybody can read and forge its messages
//   session   all zeros where a record names none
//   text      size u8 | UTF-8 bytes
//
//   hello   = version u16 | worker u16 | gateway text
//   open    = device text | protocol text | generation text | listener text | peer text
//             | credential text | route text, where there is one
//   data    = sequence u64 | device text | payload (the rest)
//             flags bit 3: in front of the payload stands, from the gateway, plain size u32 | JSON,
//             and towards it status text
//             flags bit 4, of commands: a ref text stands behind the device, of an ack behind the
//             sequence
//   close   = device text | reason text
//   ack     = sequence u64
//   error   = device text | error text | ref text, where its command had one
//   undelivered = sequence u64 | device text | error text | payload (the rest)
//
// Towards the gateway a data record's sequence is ignored; a data or close record whose session is
// all zeros is addressed by its device. Readers ignore bytes behind the fields that they know.
#pragma once

#include "backend/codec.h"

#include <cstddef>
#include <cstdint>

namespace gatehouse::backend {

enum class binary_type : std::uint8_t { hello = 1, open, data, close, ack, error, undelivered };

inline constexpr std::uint8_t binary_again = 0x01;
inline constexpr std::uint8_t binary_unauthenticated = 0x02;
inline constexpr std::uint8_t binary_unprotected = 0x04;
inline constexpr std::uint8_t binary_beside = 0x08;  // of data: something stands beside the payload
inline constexpr std::uint8_t binary_named = 0x10;   // of commands: a ref follows
inline constexpr std::size_t binary_length_size = 4;
inline constexpr std::size_t binary_header_size = 10;  // type, flags, session
inline constexpr std::size_t binary_flags_offset = 5;

}  // namespace gatehouse::backend
