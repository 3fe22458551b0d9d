#include "base/address.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

TEST(address, v4_is_mapped)
{
    auto const address = peer_address::v4({192, 0, 2, 7}, 53211);
    EXPECT_TRUE(address.is_v4());
    EXPECT_EQ(to_string(address), "192.0.2.7:53211");
    EXPECT_EQ(address.ip[10], 0xff);
    EXPECT_EQ(address.ip[11], 0xff);
    EXPECT_EQ(address.ip[15], 7);
}

TEST(address, v6_has_brackets)
{
    peer_address address;
    address.ip = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7};
    address.port = 1;
    EXPECT_FALSE(address.is_v4());
    EXPECT_EQ(to_string(address), "[2001:db8::7]:1");
    EXPECT_EQ(to_string(peer_address{}), "[::]:0");
}

TEST(address, equality_sees_address_and_port)
{
    auto const one = peer_address::v4({192, 0, 2, 7}, 1);
    EXPECT_EQ(one, peer_address::v4({192, 0, 2, 7}, 1));
    EXPECT_NE(one, peer_address::v4({192, 0, 2, 7}, 2));
    EXPECT_NE(one, peer_address::v4({192, 0, 2, 8}, 1));
}

TEST(address, longest_text)
{
    peer_address address;
    address.ip.fill(0xff);
    address.port = 65535;
    EXPECT_EQ(to_string(address), "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535");
}

TEST(address, networks_are_24_bits_of_ipv4_and_56_of_ipv6)
{
    EXPECT_EQ(
        network_of(peer_address::v4({192, 0, 2, 7}, 1)), peer_address::v4({192, 0, 2, 0}, 0).ip
    );
    peer_address const v6{
        .ip = {0x20, 1, 0x0d, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, .port = 1};
    source_prefix const network{0x20, 1, 0x0d, 0xb8, 1, 2, 3};
    EXPECT_EQ(network_of(v6), network);
}

}  // namespace
}  // namespace gatehouse::test
