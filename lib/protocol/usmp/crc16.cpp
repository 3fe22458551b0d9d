#include "protocol/usmp/crc16.h"

#include <array>
#include <cstddef>

namespace gatehouse::usmp {

namespace {

// Reflected polynomial; eight bytes a step (slicing), since each frame is summed twice on its way.
constexpr std::uint16_t polynomial = 0xa001;
constexpr std::size_t slices = 8;
using table = std::array<std::array<std::uint16_t, 256>, slices>;

constexpr table make_table() noexcept
{
    table made{};
    for (std::size_t value = 0; value < 256; ++value) {
        auto crc = static_cast<std::uint16_t>(value);
        for (int bit = 0; bit < 8; ++bit)
            crc = static_cast<std::uint16_t>((crc & 1) != 0 ? crc >> 1 ^ polynomial : crc >> 1);
        made[0][value] = crc;
    }
    for (std::size_t slice = 1; slice < slices; ++slice)
        for (std::size_t value = 0; value < 256; ++value) {
            auto const before = made[slice - 1][value];
            made[slice][value] = static_cast<std::uint16_t>(before >> 8 ^ made[0][before & 0xff]);
        }
    return made;
}

constexpr table sums = make_table();

}  // namespace

std::uint16_t crc16(bytes data, std::uint16_t crc) noexcept
{
    while (data.size() >= slices) {
        crc = static_cast<std::uint16_t>(
            sums[7][(data[0] ^ crc) & 0xff] ^ sums[6][(data[1] ^ crc >> 8) & 0xff] ^
            sums[5][data[2]] ^ sums[4][data[3]] ^ sums[3][data[4]] ^ sums[2][data[5]] ^
            sums[1][data[6]] ^ sums[0][data[7]]
        );
        data = data.subspan(slices);
    }
    for (auto const byte : data)
        crc = static_cast<std::uint16_t>(crc >> 8 ^ sums[0][(crc ^ byte) & 0xff]);
    return crc;
}

}  // namespace gatehouse::usmp
