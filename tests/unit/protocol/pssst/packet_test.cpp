// The checks that need no key, in their order.
#include "protocol/pssst/packet.h"
#include "support/byte_string.h"
#include "support/readable_error.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace literals;

byte_string of_size(byte_string packet, std::size_t size)
{
    packet.resize(size, 0x5a);
    return packet;
}

TEST(pssst_packet, header_and_value_are_kept_as_received)
{
    auto const packet = of_size("40070001"_hex, 52);
    auto const head = pssst::parse_request(packet);
    ASSERT_TRUE(head);
    EXPECT_EQ(copy_of(head->header), "40070001"_hex);
    EXPECT_EQ(copy_of(head->dh), byte_string(32, 0x5a));
    EXPECT_TRUE(head->has_client());
    EXPECT_FALSE(pssst::parse_request(of_size("00000001"_hex, 52))->has_client());
}

TEST(pssst_packet, every_length_below_the_least_is_too_short)
{
    for (std::size_t size = 0; size < pssst::overhead; ++size) {
        auto const head = pssst::parse_request(of_size("00000001"_hex, size));
        ASSERT_FALSE(head) << size;
        EXPECT_EQ(head.error(), error::malformed_truncated) << size;
    }
    for (std::size_t size = pssst::overhead; size <= 120; ++size)
        EXPECT_TRUE(pssst::parse_request(of_size("00000001"_hex, size))) << size;
}

TEST(pssst_packet, an_unknown_suite_is_noticed_before_the_direction_and_the_length)
{
    for (auto const* header : {"00000002", "80000002", "0000ffff", "00000100", "80000101"})
        EXPECT_EQ(pssst::parse_request(hex_bytes(header)).error(), error::incompatible_suite)
            << header;
}

TEST(pssst_packet, the_direction_is_noticed_before_the_suite_of_nobody_and_the_length)
{
    EXPECT_EQ(pssst::parse_request("80000000"_hex).error(), error::malformed_reply_flag);
    EXPECT_EQ(pssst::parse_request("80000001"_hex).error(), error::malformed_reply_flag);
    EXPECT_EQ(pssst::parse_request("00000000"_hex).error(), error::incompatible_suite);
}

TEST(pssst_packet, reserved_bits_are_never_sent)
{
    using pssst::client_kind;
    EXPECT_EQ(copy_of(pssst::request_header(client_kind::anonymous)), "00000001"_hex);
    EXPECT_EQ(copy_of(pssst::request_header(client_kind::authenticated)), "40000001"_hex);
    EXPECT_EQ(copy_of(pssst::reply_header(client_kind::anonymous)), "80000001"_hex);
    EXPECT_EQ(copy_of(pssst::reply_header(client_kind::authenticated)), "c0000001"_hex);
}

}  // namespace
}  // namespace gatehouse::test
