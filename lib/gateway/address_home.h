// Which worker looks after the datagrams of an address that name no session.
//
// The kernel computes the same (net/steering.h), so that hardly any arrives elsewhere.
#pragma once

#include "base/address.h"

#include <cstddef>
#include <cstdint>

namespace gatehouse {

inline constexpr std::uint32_t address_hash_factor = 0x9e3779b1;
inline constexpr unsigned address_hash_shift = 16;

std::uint8_t home_of(peer_address const& peer, std::size_t workers) noexcept;

}  // namespace gatehouse
