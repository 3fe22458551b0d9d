#include "protocol/usmp/transport_ack.h"
#include "support/reference_device.h"
#include "support/usmp_profiles.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace literals;
using usmp::frame_type;
using usmp::transport_ack;

TEST(transport_ack, is_seven_bytes_or_fifteen)
{
    auto const whole = "acac05040302010102030405060708"_hex;
    for (std::size_t size = 0; size <= whole.size(); ++size)
        EXPECT_EQ(
            transport_ack::parse(bytes{whole}.first(size)).has_value(), size == 7 || size == 15
        ) << size;
    auto longer = whole;
    longer.push_back(0);
    EXPECT_FALSE(transport_ack::parse(longer));
    EXPECT_FALSE(transport_ack::parse(byte_string(492, 0xac)));
}

TEST(transport_ack, fields_are_where_they_belong)
{
    auto const plain = *transport_ack::parse("acac0504030201"_hex);
    EXPECT_EQ(plain.what, (usmp::acked_frame{frame_type::data, 0x01020304}));
    EXPECT_FALSE(plain.mac);
    auto const proven = *transport_ack::parse("acac0bffffffff0102030405060708"_hex);
    EXPECT_EQ(proven.what, (usmp::acked_frame{frame_type::rekey, 0xffffffff}));
    ASSERT_TRUE(proven.mac);
    EXPECT_EQ(to_hex(*proven.mac), "0102030405060708");
}

TEST(transport_ack, other_magic_is_another_datagram)
{
    for (auto const& other : {"abac0504030201"_hex, "acad0504030201"_hex, "cdab0504030201"_hex})
        EXPECT_FALSE(transport_ack::parse(other));
}

TEST(transport_ack, is_written_as_the_devices_write_it)
{
    auto const frame = reference_device::frame(2, wire_type::pong, 77, pattern_bytes(28));
    auto const key = pattern_bytes(32, 5);
    wire_buffer out;
    usmp::acked_frame const what{frame_type::pong, 77};
    usmp::write_ack(what, out);
    crypto::hmac_sha256 hmac;
    auto const proof = usmp::prove_ack(hmac, what, crypto::aead_key::from(bytes{key}.first<32>()));
    usmp::write_ack(what, proof, out);
    ASSERT_EQ(out.frames(), 2U);
    EXPECT_EQ(to_hex(out.frame_at(0)), to_hex(transport_ack_of(frame)));
    EXPECT_EQ(to_hex(out.frame_at(1)), to_hex(transport_ack_of(frame, key)));
    EXPECT_EQ(transport_ack::parse(out.frame_at(0))->what, what);
    EXPECT_EQ(transport_ack::parse(out.frame_at(1))->mac, proof);
}

TEST(transport_ack, the_proof_is_for_one_frame_under_one_key)
{
    crypto::hmac_sha256 hmac;
    auto const key = crypto::aead_key::from(bytes{pattern_bytes(32)}.first<32>());
    auto const other = crypto::aead_key::from(bytes{pattern_bytes(32, 1)}.first<32>());
    auto const proof = usmp::prove_ack(hmac, {frame_type::data, 7}, key);
    EXPECT_EQ(usmp::prove_ack(hmac, {frame_type::data, 7}, key), proof);
    EXPECT_NE(usmp::prove_ack(hmac, {frame_type::data, 8}, key), proof);
    EXPECT_NE(usmp::prove_ack(hmac, {frame_type::ping, 7}, key), proof);
    EXPECT_NE(usmp::prove_ack(hmac, {frame_type::data, 7}, other), proof);
}

TEST(transport_ack, is_proven_from_0_6_on)
{
    for (auto const* how : all)
        EXPECT_EQ(usmp::acks_are_proven(*how), how == &usmp::r1_0 || how == &usmp::r1_2)
            << how->release;
}

}  // namespace
}  // namespace gatehouse::test
