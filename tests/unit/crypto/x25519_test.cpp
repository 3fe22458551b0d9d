#include "crypto/x25519.h"
#include "crypto/x25519_key_pool.h"
#include "support/byte_string.h"
#include "support/scripted_random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace gatehouse::test {
namespace {

crypto::x25519_private private_of(std::string_view digits)
{
    auto const raw = hex_bytes(digits);
    return crypto::x25519_private::from(bytes{raw}.first<crypto::x25519_size>());
}

crypto::x25519_public public_of(bytes raw)
{
    crypto::x25519_public key{};
    std::copy_n(raw.begin(), key.size(), key.begin());
    return key;
}

std::string agree(std::string_view own, std::string_view peer)
{
    auto const shared = crypto::x25519_agree(
        private_of(own), crypto::x25519_public_of(private_of(own)), public_of(hex_bytes(peer))
    );
    return shared ? to_hex(shared->expose()) : std::string{describe(shared.error())};
}

// RFC 7748, 5.2 and 6.1.
TEST(x25519, known_answers)
{
    EXPECT_EQ(
        agree(
            "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
            "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"
        ),
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"
    );
    EXPECT_EQ(
        agree(
            "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
            "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493"
        ),
        "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"
    );
    std::string const bob = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";
    EXPECT_EQ(
        to_hex(crypto::x25519_public_of(private_of(bob))),
        "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
    );
    EXPECT_EQ(
        agree(bob, "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"),
        "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"
    );
}

TEST(x25519, a_thousand_times)
{
    std::string scalar = "0900000000000000000000000000000000000000000000000000000000000000";
    auto point = scalar;
    for (int i = 0; i < 1000; ++i) {
        auto next = agree(scalar, point);
        point = std::move(scalar);
        scalar = std::move(next);
    }
    EXPECT_EQ(scalar, "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
}

TEST(x25519, points_of_low_order_are_refused)
{
    std::string const top(60, 'f');
    for (auto point : {
             hex_bytes("00" + std::string(62, '0')),
             hex_bytes("01" + std::string(62, '0')),
             hex_bytes("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
             hex_bytes("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
             hex_bytes("ec" + top + "7f"),
             hex_bytes("ed" + top + "7f"),
             hex_bytes("ee" + top + "7f"),
         })
        for (auto const high_bit : {0x00, 0x80}) {
            point[31] = static_cast<std::uint8_t>((point[31] & 0x7f) | high_bit);
            auto const own =
                private_of("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4");
            auto const shared =
                crypto::x25519_agree(own, crypto::x25519_public_of(own), public_of(point));
            ASSERT_FALSE(shared) << to_hex(point);
            EXPECT_EQ(shared.error(), error::malformed_public_key);
        }
}

TEST(x25519, a_refusal_does_not_spoil_the_next)
{
    auto const own = private_of("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4");
    EXPECT_FALSE(crypto::x25519_agree(own, crypto::x25519_public_of(own), crypto::x25519_public{}));
    EXPECT_TRUE(
        crypto::x25519_agree(own, crypto::x25519_public_of(own), crypto::x25519_public_of(own))
    );
}

TEST(x25519, any_32_bytes_multiply_any_point)
{
    auto const own = private_of(std::string(64, 'f'));  // clamped as it is used
    auto const other =
        private_of("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4");
    auto const point = crypto::x25519_public_of(other);
    auto const made = crypto::x25519_multiply(own, point);
    auto const agreed = crypto::x25519_agree(own, crypto::x25519_public_of(own), point);
    ASSERT_TRUE(made);
    EXPECT_EQ(to_hex(made->expose()), to_hex(agreed->expose()));
    EXPECT_FALSE(crypto::x25519_multiply(own, crypto::x25519_public{}));
}

TEST(x25519_key_pair, is_32_bytes_of_the_source)
{
    auto const raw = pattern_bytes(32, 7);
    scripted_random random{raw};
    auto const pair = crypto::make_x25519_key_pair(random);
    EXPECT_EQ(random.drawn(), 32U);
    EXPECT_EQ(to_hex(pair.private_key.expose()), to_hex(raw));
    EXPECT_EQ(pair.public_key, crypto::x25519_public_of(pair.private_key));
}

TEST(x25519_key_pool, hands_each_pair_out_once)
{
    scripted_random random;
    crypto::x25519_key_pool pool{random, 3};
    EXPECT_FALSE(pool.full());
    std::set<crypto::x25519_public> seen;
    for (int round = 0; round < 3; ++round) {
        while (!pool.full())
            pool.make_one();
        for (int i = 0; i < 5; ++i) {  // more than are ready
            auto const pair = pool.take();
            EXPECT_EQ(pair.public_key, crypto::x25519_public_of(pair.private_key));
            EXPECT_TRUE(seen.insert(pair.public_key).second);
        }
    }
}

TEST(x25519_key_pool, makes_no_more_than_it_keeps)
{
    scripted_random random;
    crypto::x25519_key_pool pool{random, 2};
    for (int i = 0; i < 5; ++i)
        pool.make_one();
    EXPECT_TRUE(pool.full());
    EXPECT_EQ(random.drawn(), 64U);

    crypto::x25519_key_pool none{random, 0};
    EXPECT_TRUE(none.full());
    none.make_one();
    EXPECT_EQ(random.drawn(), 64U);
    none.take();
    EXPECT_EQ(random.drawn(), 96U);
}

}  // namespace
}  // namespace gatehouse::test
