// The recorded values stand in tests/conformance; here is what must hold for any.
#include "crypto/workbench.h"
#include "protocol/usmp/key_schedule.h"
#include "support/byte_string.h"
#include "support/usmp_profiles.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace gatehouse::test {
namespace {

usmp::transcript transcript_of(std::uint8_t first)
{
    usmp::transcript seen;
    seen.nonce.fill(first);
    seen.device.fill(static_cast<std::uint8_t>(first + 1));
    seen.device_key.fill(static_cast<std::uint8_t>(first + 2));
    seen.gateway_key.fill(static_cast<std::uint8_t>(first + 3));
    return seen;
}

crypto::x25519_shared shared_of(std::uint8_t first)
{
    auto const raw = pattern_bytes(32, first);
    return crypto::x25519_shared::from(bytes{raw}.first<32>());
}

class key_schedule : public testing::Test {
protected:
    std::string device_proof(usmp::profile const& how, usmp::transcript const& seen)
    {
        return to_hex(usmp::device_proof(bench.hmac, how, text_bytes("a key"), seen));
    }

    std::string gateway_proof(usmp::profile const& how, usmp::wire_session_id const& id)
    {
        return to_hex(
            usmp::gateway_proof(bench.hmac, how, text_bytes("a key"), transcript_of(1), id)
        );
    }

    crypto::workbench bench;
};

TEST_F(key_schedule, a_proof_covers_nonce_and_device_and_from_0_4_7_on_the_keys)
{
    for (auto const* how : all) {
        SCOPED_TRACE(how->release);
        auto const honest = device_proof(*how, transcript_of(1));
        auto other = transcript_of(1);
        other.nonce[31] ^= 1;
        EXPECT_NE(device_proof(*how, other), honest);
        other = transcript_of(1);
        other.device[5] ^= 1;
        EXPECT_NE(device_proof(*how, other), honest);
        other = transcript_of(1);
        other.device_key[31] ^= 1;
        EXPECT_EQ(device_proof(*how, other) != honest, how->transcript_keys);
        other = transcript_of(1);
        other.gateway_key[0] ^= 1;
        EXPECT_EQ(device_proof(*how, other) != honest, how->transcript_keys);
    }
}

// Otherwise what the gateway proves could be shown back to it.
TEST_F(key_schedule, neither_proof_passes_for_the_other)
{
    for (auto const* how : all) {
        usmp::wire_session_id const id{pattern_bytes(how->session_id_size)};
        EXPECT_NE(gateway_proof(*how, id), device_proof(*how, transcript_of(1)));
    }
    // From 0.6 on even over the same name, by the type in front.
    usmp::wire_session_id const named_alike{transcript_of(1).device};
    EXPECT_NE(gateway_proof(usmp::r1_2, named_alike), device_proof(usmp::r1_2, transcript_of(1)));
}

TEST_F(key_schedule, the_gateways_proof_covers_the_session_id)
{
    for (auto const* how : all) {
        auto id = pattern_bytes(how->session_id_size);
        auto const honest = gateway_proof(*how, usmp::wire_session_id{id});
        id.back() ^= 1;
        EXPECT_NE(gateway_proof(*how, usmp::wire_session_id{id}), honest);
    }
}

TEST_F(key_schedule, directions_have_their_own_keys_from_0_5_on)
{
    for (auto const* how : all) {
        auto const keys =
            usmp::derive_keys(bench.hkdf, *how, how->label, shared_of(1), transcript_of(1));
        auto const same = to_hex(keys.uplink.expose()) == to_hex(keys.downlink.expose());
        EXPECT_EQ(same, !how->directional_keys) << how->release;
    }
}

TEST_F(key_schedule, everything_goes_into_the_keys)
{
    std::set<std::string> seen;
    auto const derive = [&](std::string_view label, std::uint8_t secret, std::uint8_t transcript) {
        auto const keys = usmp::derive_keys(
            bench.hkdf, usmp::r0_2, label, shared_of(secret), transcript_of(transcript)
        );
        return seen.insert(to_hex(keys.uplink.expose())).second;
    };
    for (auto const label : usmp::labels_0_2())
        EXPECT_TRUE(derive(label, 1, 1));
    EXPECT_TRUE(derive("usmp-v1", 2, 1));
    EXPECT_TRUE(derive("usmp-v1", 1, 2));
    EXPECT_FALSE(derive("usmp-v1", 1, 1));
}

TEST_F(key_schedule, a_rekey_gives_two_new_keys_that_hang_on_everything)
{
    std::set<std::string> seen;
    auto const derive =
        [&](std::uint8_t transmit, std::uint8_t receive, std::uint8_t salt, std::uint8_t id) {
            usmp::rekey_salt drawn{};
            drawn.fill(salt);
            auto const made = usmp::derive_rekey(
                bench.hkdf,
                shared_of(transmit),
                shared_of(receive),
                drawn,
                usmp::wire_session_id{pattern_bytes(16, id)}
            );
            return seen.insert(to_hex(made.initiator.expose())).second &&
                   seen.insert(to_hex(made.responder.expose())).second;
        };
    EXPECT_TRUE(derive(1, 2, 3, 4));
    EXPECT_TRUE(derive(2, 1, 3, 4));
    EXPECT_TRUE(derive(1, 2, 9, 4));
    EXPECT_TRUE(derive(1, 2, 3, 9));
    EXPECT_FALSE(derive(1, 2, 3, 4));
}

}  // namespace
}  // namespace gatehouse::test
