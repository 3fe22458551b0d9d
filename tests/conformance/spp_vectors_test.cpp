// What the original implementations of SPP sent to each other, byte by byte: the gateway in the
// place of one side, its ephemeral key as recorded.
#include "protocol/spp/key_schedule.h"
#include "protocol/spp/stream_session.h"
#include "support/readable_error.h"
#include "support/spp_vectors.h"
#include "support/spp_world.h"
#include "wire/reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace gatehouse::test {
namespace {

class spp_vector : public testing::TestWithParam<std::string> {
protected:
    spp_vectors const recorded = load_spp_vectors(GetParam());

    spp::generation how() const
    {
        return *std::ranges::find_if(spp::all_generations, [&](auto one) {
            return name_of(one) == GetParam();
        });
    }

    // The world in which the gateway's hello comes out exactly as recorded.
    spp_world_setup world() const
    {
        spp_world_setup made;
        made.gateway_keys = {{recorded.gateway.seed}};
        made.devices = {{usual_meter, recorded.device.identity}};
        made.random = recorded.gateway.ephemeral_private;
        made.config.admitted = spp::generation_set{}.add(how());
        return made;
    }

    crypto::x25519_shared shared() const
    {
        return crypto::x25519_shared::from(bytes{recorded.shared}.first<32>());
    }

    crypto::aead_key key() const { return crypto::aead_key::from(bytes{recorded.key}.first<32>()); }
};
INSTANTIATE_TEST_SUITE_P(
    generation,
    spp_vector,
    testing::ValuesIn(spp_generations()),
    [](auto const& instance) {
        auto name = instance.param;
        std::ranges::replace_if(
            name, [](char c) { return c == '.' || c == '-'; }, '_'
        );
        return "g" + name;
    }
);

TEST_P(spp_vector, all_keys_of_one_secret)
{
    crypto::workbench bench;
    auto const derived = [&](spp::generation which) {
        return to_hex(derive_key(bench, which, shared()).expose());
    };
    EXPECT_EQ(derived(how()), to_hex(recorded.key));
    EXPECT_EQ(derived(spp::generation::py_0_2), to_hex(recorded.key_0_2));
    EXPECT_EQ(derived(spp::generation::py_0_1), to_hex(recorded.key_0_1));
    EXPECT_EQ(derived(spp::generation::rs_d), to_hex(recorded.key_rs_d));
}

TEST_P(spp_vector, hellos_are_read_as_they_were_written)
{
    for (auto const& side : {recorded.device, recorded.gateway}) {
        auto const read = spp::hello::parse(side.hello);
        ASSERT_TRUE(read);
        EXPECT_EQ(to_hex(read->signature), to_hex(side.signature));
        EXPECT_EQ(to_hex(read->ephemeral), to_hex(side.ephemeral));
        wire_buffer out;
        write(*read, out);
        EXPECT_EQ(to_hex(out.all()), to_hex(side.hello));
    }
}

TEST_P(spp_vector, records_of_both_sides_open)
{
    crypto::workbench bench;
    std::map<bool, std::uint32_t> numbers;
    for (auto const& message : recorded.messages) {
        auto wire = message.wire;
        auto const text = spp::open_record(bench.chacha, key(), wire);
        ASSERT_TRUE(text);
        EXPECT_EQ(to_hex(*text), to_hex(message.plaintext));
        auto const payload = spp::judge_sequence(how(), *text, ++numbers[message.from_device]);
        ASSERT_TRUE(payload) << describe(payload.error());
        EXPECT_EQ(to_hex(*payload), to_hex(message.payload));
    }
    EXPECT_EQ(numbers.size(), 2U);
}

// The recorded nonces have the form of ours: eight bytes that stay, and a number in four.
TEST_P(spp_vector, records_are_sealed_as_the_original_sealed_them)
{
    crypto::workbench bench;
    auto const sealing_key = key();
    for (auto const& message : recorded.messages) {
        wire::reader nonce{message.nonce};
        auto const prefix = nonce.array<8>();
        auto const number = nonce.big<std::uint32_t>();
        wire_buffer out;
        spp::seal_record({bench.chacha, sealing_key, how(), prefix, number}, message.payload, out);
        EXPECT_EQ(to_hex(out.all()), to_hex(message.wire));
    }
}

TEST_P(spp_vector, the_whole_conversation_is_understood)
{
    live_spp_session session{world()};
    session.feed(recorded.device.hello);
    ASSERT_EQ(session.wire.size(), 1U);
    EXPECT_EQ(to_hex(session.take_wire()), to_hex(recorded.gateway.hello));
    EXPECT_FALSE(session.authenticated());
    std::size_t got = 0;
    for (auto const& message : recorded.messages) {
        if (!message.from_device)
            continue;
        session.feed(message.wire);
        ASSERT_FALSE(session.failure) << describe(*session.failure);
        ASSERT_EQ(session.up.size(), ++got);
        EXPECT_EQ(to_hex(session.up.back()), to_hex(message.payload));
    }
    EXPECT_TRUE(session.authenticated());
    EXPECT_EQ(session.get().facts().generation, GetParam());
    EXPECT_EQ(session.get().facts().device.text(), usual_meter);
}

TEST_P(spp_vector, the_transcript_may_come_in_pieces_of_any_size)
{
    auto const& transcript = recorded.device.transcript;
    for (std::size_t const piece : {1U, 7U, 104U, 113U, 4096U}) {
        live_spp_session session{world()};
        for (std::size_t at = 0; at < transcript.size(); at += piece)
            session.feed(bytes{transcript}.subspan(at, std::min(piece, transcript.size() - at)));
        ASSERT_FALSE(session.failure) << describe(*session.failure);
        auto const of_device = std::ranges::count_if(recorded.messages, [](auto const& one) {
            return one.from_device;
        });
        EXPECT_EQ(session.up.size(), static_cast<std::size_t>(of_device));
        EXPECT_EQ(session.unconsumed(), 0U);
    }
}

// What each input is refused with; the vectors only say that it must be.
std::map<std::string, error> const& refusals()
{
    static std::map<std::string, error> const by_name{
        {"handshake_bad_signature", error::unproven_signature},
        {"handshake_signed_by_server_key_reflection", error::unproven_signature},
        {"handshake_public_31_bytes", error::malformed_length},
        {"handshake_public_33_bytes", error::malformed_length},
        {"handshake_all_zero_point_validly_signed", error::malformed_public_key},
        {"handshake_empty_frame", error::malformed_length},
        {"seq_zero", error::unproven_replay},
        {"seq_two_first", error::unproven_sequence},
        {"seq_big_endian_one", error::unproven_sequence},
        {"plaintext_shorter_than_seq", error::malformed_length},
        {"tag_flipped", error::unproven_frame},
        {"frame_of_27_bytes_no_room_for_tag", error::malformed_length},
        {"frame_of_11_bytes_short_nonce", error::malformed_length},
        {"aad_length_bound", error::unproven_frame},
    };
    return by_name;
}

TEST_P(spp_vector, every_negative_is_refused)
{
    ASSERT_GE(recorded.negative.size(), 5U);
    for (auto const& negative : recorded.negative) {
        SCOPED_TRACE(negative.name);
        live_spp_session session{world()};
        if (!negative.in_handshake)
            session.feed(recorded.device.hello);
        session.feed(negative.wire);
        ASSERT_TRUE(session.failure);
        ASSERT_TRUE(refusals().contains(negative.name));
        EXPECT_EQ(*session.failure, refusals().at(negative.name));
        EXPECT_FALSE(session.authenticated());
        EXPECT_TRUE(session.up.empty());
    }
}

// The same inputs where every generation is admitted.
TEST_P(spp_vector, no_other_generation_takes_a_negative)
{
    for (auto const& negative : recorded.negative) {
        SCOPED_TRACE(negative.name);
        auto setup = world();
        setup.config.admitted = all_spp_generations_admitted().admitted;
        live_spp_session session{setup};
        if (!negative.in_handshake)
            session.feed(recorded.device.hello);
        session.feed(negative.wire);
        EXPECT_TRUE(session.failure);
        EXPECT_FALSE(session.authenticated());
    }
}

TEST_P(spp_vector, a_generation_that_is_not_admitted_is_known_by_name)
{
    auto setup = world();
    setup.config.admitted = {};
    live_spp_session session{setup};
    session.feed(recorded.device.transcript);
    EXPECT_EQ(session.failure, error::incompatible_generation);
    EXPECT_EQ(session.get().facts().generation, GetParam());
    EXPECT_FALSE(session.authenticated());
    EXPECT_TRUE(session.up.empty());
}

}  // namespace
}  // namespace gatehouse::test
