// lib/crypto/chacha20.h: against RFC 8439, 2.4.2, whose stream begins at block 1.
#include "crypto/chacha20.h"
#include "support/byte_string.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace literals;

TEST(chacha20, the_keystream_of_its_rfc)
{
    byte_string key(32);
    for (std::size_t i = 0; i < key.size(); ++i)
        key[i] = static_cast<std::uint8_t>(i);
    auto const start = "01000000000000000000004a00000000"_hex;
    byte_string stream = pattern_bytes(16);  // what stood there does not count
    crypto::chacha20 cipher;
    cipher.keystream(bytes{key}.first<32>(), bytes{start}.first<16>(), stream);
    EXPECT_EQ(to_hex(stream), "224f51f3401bd9e12fde276fb8631ded");
    cipher.keystream(bytes{key}.first<32>(), bytes{start}.first<16>(), stream);
    EXPECT_EQ(to_hex(stream), "224f51f3401bd9e12fde276fb8631ded");
}

}  // namespace
}  // namespace gatehouse::test
