// CRC-16/MODBUS, the checksum of USMP frames (docs/protocols/usmp.md, "Frame"). No security value.
#pragma once

#include "base/bytes.h"

#include <cstdint>

namespace gatehouse::usmp {

inline constexpr std::uint16_t crc16_start = 0xffff;

// Continues `crc` over `data`.
std::uint16_t crc16(bytes data, std::uint16_t crc = crc16_start) noexcept;

}  // namespace gatehouse::usmp
