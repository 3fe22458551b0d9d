#include "protocol/usmp/crc16.h"
#include "support/byte_string.h"
#include "support/reference_crypto.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

TEST(crc16, published_check_value)
{
    EXPECT_EQ(usmp::crc16(text_bytes("123456789")), 0x4b37);
    EXPECT_EQ(usmp::crc16({}), 0xffff);
}

TEST(crc16, agrees_with_the_bitwise_definition_at_every_size)
{
    auto const data = pattern_bytes(500, 17);
    for (std::size_t size = 0; size <= data.size(); ++size) {
        auto const part = bytes{data}.last(size);
        ASSERT_EQ(usmp::crc16(part), reference::crc16(part)) << size;
    }
}

TEST(crc16, continues)
{
    auto const data = pattern_bytes(64, 3);
    auto const whole = usmp::crc16(data);
    for (std::size_t at = 0; at <= data.size(); ++at)
        EXPECT_EQ(usmp::crc16(bytes{data}.subspan(at), usmp::crc16(bytes{data}.first(at))), whole);
}

TEST(crc16, sees_every_bit)
{
    auto const data = pattern_bytes(32);
    auto const sum = usmp::crc16(data);
    for (std::size_t bit = 0; bit < data.size() * 8; ++bit) {
        auto other = data;
        other[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        EXPECT_NE(usmp::crc16(other), sum);
    }
}

}  // namespace
}  // namespace gatehouse::test
