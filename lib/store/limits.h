// Bounds on what may stand in a store.
#pragma once

#include <cstddef>

namespace gatehouse::store {

// Of one device, revoked and closed keys included. Every key is a trial in a device's handshake.
inline constexpr std::size_t most_keys = 16;

inline constexpr std::size_t longest_key_id = 128;   // bytes
inline constexpr std::size_t longest_secret = 1024;  // bytes

// A page of a listing holds no more devices than this, whatever was asked for.
inline constexpr std::size_t longest_page = 10'000;

}  // namespace gatehouse::store
