// Bounds of this implementation (not of the protocol, whose constants stand in packet.h).
#pragma once

#include <cstddef>
#include <cstdint>

namespace gatehouse::pssst::limits {

// Memory that remembers replies is taken in blocks of this many bytes; the largest reply fits.
inline constexpr std::size_t reply_block = std::size_t{64} << 10;

// Memory that remembers requests is taken in blocks of this many.
inline constexpr std::size_t request_block = 256;

// Memory for requests under way that is kept for the next.
inline constexpr std::size_t spare_requests = 64;

// How often a reply is given again. Whoever recorded a request can send it from any address: with a
// bound, little comes of it for the one whose address it is.
inline constexpr std::uint8_t repetitions = 32;

}  // namespace gatehouse::pssst::limits
