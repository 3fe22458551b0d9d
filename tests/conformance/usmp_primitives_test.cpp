// The recorded intermediate values, against the functions that compute them.
#include "conformance/vector_recording.h"
#include "protocol/usmp/crc16.h"
#include "protocol/usmp/frame_cipher.h"
#include "protocol/usmp/key_schedule.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

class usmp_primitives : public for_each_generation {
protected:
    usmp::profile const& profile() const
    {
        switch (vectors().generation()) {
        case wire_generation::a:
            return usmp::r0_2;
        case wire_generation::b:
            return usmp::r0_3;
        case wire_generation::c:
            return usmp::r0_4_7;
        case wire_generation::d1:
            return usmp::r0_5;
        case wire_generation::d2:
            return usmp::r1_0;
        case wire_generation::d3:
            return usmp::r1_2;
        }
        return usmp::r1_2;
    }

    usmp::transcript transcript() const
    {
        auto const& file = vectors().file;
        usmp::transcript seen;
        std::copy(file.nonce.begin(), file.nonce.end(), seen.nonce.begin());
        std::copy(file.device_id.begin(), file.device_id.end(), seen.device.begin());
        std::copy(file.client_public.begin(), file.client_public.end(), seen.device_key.begin());
        std::copy(file.server_public.begin(), file.server_public.end(), seen.gateway_key.begin());
        return seen;
    }

    crypto::x25519_private private_key(byte_string const& raw) const
    {
        return crypto::x25519_private::from(bytes{raw}.first<crypto::x25519_size>());
    }

    crypto::workbench bench;
};
GATEHOUSE_FOR_EACH_GENERATION(usmp_primitives);

TEST_P(usmp_primitives, checksum)
{
    ASSERT_FALSE(vectors().file.checksums.empty());
    for (auto const& known : vectors().file.checksums)
        EXPECT_EQ(usmp::crc16(known.input), known.checksum) << to_hex(known.input);
}

TEST_P(usmp_primitives, checksums_of_recorded_frames)
{
    for (auto const& recorded : vectors().file.stream) {
        auto const header = usmp::parse_header(recorded.frame);
        ASSERT_TRUE(header);
        EXPECT_EQ(static_cast<std::uint8_t>(header->type), recorded.type);
        EXPECT_EQ(header->sequence, recorded.sequence);
        EXPECT_EQ(header->frame_size(), recorded.frame.size());
        EXPECT_TRUE(usmp::checksum_matches(*header, recorded.frame));
    }
}

TEST_P(usmp_primitives, key_agreement)
{
    auto const& file = vectors().file;
    auto const own = private_key(file.server_private);
    EXPECT_EQ(to_hex(crypto::x25519_public_of(own)), to_hex(file.server_public));
    crypto::x25519_public peer{};
    std::copy(file.client_public.begin(), file.client_public.end(), peer.begin());
    auto const shared = crypto::x25519_agree(own, crypto::x25519_public_of(own), peer);
    ASSERT_TRUE(shared);
    EXPECT_EQ(to_hex(shared->expose()), to_hex(file.shared));
}

TEST_P(usmp_primitives, proofs)
{
    auto const& file = vectors().file;
    auto const device = usmp::device_proof(bench.hmac, profile(), file.psk, transcript());
    EXPECT_EQ(to_hex(device), to_hex(file.client_proof));
    usmp::wire_session_id const id{file.session_id};
    auto const gateway = usmp::gateway_proof(bench.hmac, profile(), file.psk, transcript(), id);
    EXPECT_EQ(to_hex(gateway), to_hex(file.server_proof));
}

TEST_P(usmp_primitives, session_keys)
{
    auto const& file = vectors().file;
    auto const shared = crypto::x25519_shared::from(bytes{file.shared}.first<32>());
    auto const keys =
        usmp::derive_keys(bench.hkdf, profile(), profile().label, shared, transcript());
    EXPECT_EQ(to_hex(keys.uplink.expose()), to_hex(file.uplink_key));
    EXPECT_EQ(to_hex(keys.downlink.expose()), to_hex(file.downlink_key));
    for (auto const& [label, key] : file.other_labels) {
        auto const other = usmp::derive_keys(bench.hkdf, profile(), label, shared, transcript());
        EXPECT_EQ(to_hex(other.uplink.expose()), to_hex(key)) << label;
    }
}

TEST_P(usmp_primitives, nonces)
{
    usmp::wire_session_id const id{vectors().file.session_id};
    for (auto const& recorded : vectors().file.stream)
        if (!recorded.nonce.empty() && vectors().generation() != wire_generation::b)
            EXPECT_EQ(to_hex(usmp::frame_nonce(recorded.sequence, id)), to_hex(recorded.nonce));
}

TEST_P(usmp_primitives, golden_cases_of_the_makers)
{
    auto const& golden = vectors().file.golden;
    bool const expected = vectors().generation() >= wire_generation::d1;
    ASSERT_EQ(!golden.frames.empty(), expected);
    for (auto const& known : golden.checksums)
        EXPECT_EQ(usmp::crc16(known.input), known.checksum);
    for (auto const& known : golden.headers) {
        byte_string header(usmp::header_size);
        usmp::write_header(
            {
                .version = known.version,
                .type = static_cast<usmp::frame_type>(known.type),
                .sequence = known.sequence,
                .length = known.length,
            },
            header
        );
        EXPECT_EQ(to_hex(bytes{header}.first(10)), to_hex(known.expected));
    }
    for (auto const& known : golden.nonces)
        EXPECT_EQ(
            to_hex(usmp::frame_nonce(known.sequence, usmp::wire_session_id{known.session_id})),
            to_hex(known.expected)
        );
    for (auto const& known : golden.frames) {
        byte_string frame(usmp::header_size);
        append(frame, known.payload);
        usmp::write_header(
            {
                .version = known.version,
                .type = static_cast<usmp::frame_type>(known.type),
                .sequence = known.sequence,
                .length = static_cast<std::uint16_t>(known.payload.size()),
            },
            frame
        );
        usmp::write_checksum(frame);
        EXPECT_EQ(to_hex(frame), to_hex(known.expected));
        EXPECT_EQ(usmp::parse_header(frame)->checksum, known.checksum);
    }
}

TEST_P(usmp_primitives, golden_encryption_of_the_makers)
{
    for (auto const& known : vectors().file.golden.encryptions) {
        usmp::wire_session_id const id{known.session_id};
        usmp::frame_context const context{usmp::r1_2, id, bench.aes_gcm};
        usmp::direction to{crypto::aead_key::from(bytes{known.key}.first<32>()), known.sequence};
        wire_buffer out;
        auto const type = static_cast<usmp::frame_type>(known.type);
        usmp::seal_frame(context, type, to, known.plaintext, out);
        EXPECT_EQ(to_hex(out.frame_at(0).subspan(usmp::header_size)), to_hex(known.payload));
        EXPECT_EQ(to.next, known.sequence + 1);

        auto frame = copy_of(out.frame_at(0));
        auto const text = usmp::open_frame(context, *usmp::parse_header(frame), to.key, frame);
        ASSERT_TRUE(text);
        EXPECT_EQ(to_hex(*text), to_hex(known.plaintext));
    }
}

TEST(usmp_primitives_rekey, keys_after_rekey)
{
    auto const& file = vectors_of("D3").file;
    ASSERT_TRUE(file.rekey);
    crypto::workbench bench;
    auto const key = [](byte_string const& raw) {
        return crypto::aead_key::from(bytes{raw}.first<crypto::aead_key_size>());
    };
    usmp::rekey_salt salt{};
    std::copy(file.rekey->salt.begin(), file.rekey->salt.end(), salt.begin());
    auto const made = usmp::derive_rekey(
        bench.hkdf,
        key(file.rekey->client_transmit),
        key(file.rekey->client_receive),
        salt,
        usmp::wire_session_id{file.session_id}
    );
    EXPECT_EQ(to_hex(made.initiator.expose()), to_hex(file.rekey->client_transmit_after));
    EXPECT_EQ(to_hex(made.responder.expose()), to_hex(file.rekey->client_receive_after));
}

}  // namespace
}  // namespace gatehouse::test
