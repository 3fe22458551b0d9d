#include "support/byte_string.h"
#include "wire/reader.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace literals;

TEST(reader, reads_both_byte_orders)
{
    auto const data = "0102030405060708090a0b0c0d0e0f"_hex;
    wire::reader in{data};
    EXPECT_EQ(in.little<std::uint8_t>(), 0x01);
    EXPECT_EQ(in.little<std::uint16_t>(), 0x0302);
    EXPECT_EQ(in.big<std::uint32_t>(), 0x04050607U);
    EXPECT_EQ(in.little<std::uint64_t>(), 0x0f0e0d0c0b0a0908U);
    EXPECT_TRUE(in.ok());
    EXPECT_TRUE(in.at_end());
}

TEST(reader, large_values_keep_their_bits)
{
    auto const data = "ffffffffffffffff80000000000000ff"_hex;
    wire::reader in{data};
    EXPECT_EQ(in.little<std::uint64_t>(), ~std::uint64_t{0});
    EXPECT_EQ(in.big<std::uint64_t>(), 0x80000000000000ffU);
    wire::reader again{data};
    EXPECT_EQ(again.big<std::uint16_t>(), 0xffff);
    EXPECT_EQ(again.little<std::uint16_t>(), 0xffff);
}

TEST(reader, takes_in_place)
{
    auto const data = "0102030405"_hex;
    wire::reader in{data};
    EXPECT_EQ(in.take(2).data(), data.data());
    EXPECT_EQ((in.array<2>()), (std::array<std::uint8_t, 2>{3, 4}));
    EXPECT_EQ(in.remaining(), 1U);
    EXPECT_EQ(in.take_rest().size(), 1U);
    EXPECT_TRUE(in.at_end());
    EXPECT_TRUE(in.take_rest().empty());
    EXPECT_TRUE(in.ok());
}

TEST(reader, reading_past_the_end_poisons)
{
    auto const data = "0102030405"_hex;
    wire::reader in{data};
    in.take(2);
    EXPECT_EQ(in.little<std::uint32_t>(), 0U);
    EXPECT_FALSE(in.ok());
    EXPECT_FALSE(in.at_end());
    // The three bytes that were there are gone: nothing is read out of step.
    EXPECT_EQ(in.little<std::uint8_t>(), 0);
    EXPECT_TRUE(in.take(1).empty());
    EXPECT_EQ((in.array<2>()), (std::array<std::uint8_t, 2>{}));
    EXPECT_EQ(in.big<std::uint16_t>(), 0);
    EXPECT_FALSE(in.ok());
}

TEST(reader, huge_sizes_do_not_wrap)
{
    auto const data = "01"_hex;
    wire::reader in{data};
    EXPECT_TRUE(in.take(static_cast<std::size_t>(-1)).empty());
    EXPECT_FALSE(in.ok());
}

TEST(reader, empty_input)
{
    wire::reader in{{}};
    EXPECT_TRUE(in.at_end());
    EXPECT_TRUE(in.take(0).empty());
    EXPECT_TRUE(in.ok());
}

}  // namespace
}  // namespace gatehouse::test
