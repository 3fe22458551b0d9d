#include "support/byte_string.h"
#include "wire/reader.h"
#include "wire/writer.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace literals;

TEST(writer, writes_both_byte_orders)
{
    byte_string out(18, 0x55);
    wire::writer to{out};
    to.little(std::uint8_t{0x01})
        .little(std::uint16_t{0x0302})
        .big(std::uint32_t{0x04050607})
        .little(std::uint64_t{0x0f0e0d0c0b0a0908})
        .put("aabb"_hex);
    EXPECT_EQ(to_hex(out), "0102030405060708090a0b0c0d0e0faabb55");
    EXPECT_EQ(to.written(), 17U);
    EXPECT_EQ(to.remaining(), 1U);
}

TEST(writer, what_it_writes_is_read)
{
    byte_string out(15);
    wire::writer{out}
        .big(std::uint64_t{0xfedcba9876543210})
        .big(std::uint16_t{0xffee})
        .little(std::uint32_t{0x80000001})
        .big(std::uint8_t{0x80});
    wire::reader in{out};
    EXPECT_EQ(in.big<std::uint64_t>(), 0xfedcba9876543210U);
    EXPECT_EQ(in.big<std::uint16_t>(), 0xffee);
    EXPECT_EQ(in.little<std::uint32_t>(), 0x80000001U);
    EXPECT_EQ(in.big<std::uint8_t>(), 0x80);
    EXPECT_TRUE(in.at_end());
}

TEST(writer, claimed_room_is_filled_later)
{
    byte_string out(4);
    wire::writer to{out};
    auto const space = to.claim(2);
    to.put("0304"_hex);
    space[0] = 1;
    space[1] = 2;
    EXPECT_EQ(to_hex(out), "01020304");
}

TEST(writer_death, writing_past_the_end_is_our_bug)
{
    byte_string out(3);
    EXPECT_DEATH(wire::writer{out}.little(std::uint32_t{1}), "");
    EXPECT_DEATH(wire::writer{out}.put(byte_string(4)), "");
}

}  // namespace
}  // namespace gatehouse::test
