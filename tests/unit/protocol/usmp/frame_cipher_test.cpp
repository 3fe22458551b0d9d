#include "crypto/workbench.h"
#include "protocol/usmp/frame_cipher.h"
#include "protocol/usmp/key_schedule.h"
#include "protocol/usmp/key_trials.h"
#include "support/byte_string.h"
#include "support/usmp_profiles.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

crypto::aead_key key_of(std::uint8_t first)
{
    auto const raw = pattern_bytes(32, first);
    return crypto::aead_key::from(bytes{raw}.first<32>());
}

struct sealing {
    explicit sealing(usmp::profile const& profile) : how{profile} {}

    usmp::frame_context context() { return {how, id, bench.aes_gcm}; }

    byte_string seal(usmp::direction& to, bytes text)
    {
        wire_buffer out;
        usmp::seal_frame(context(), usmp::frame_type::data, to, text, out);
        return copy_of(out.frame_at(0));
    }

    result<mutable_bytes> open(crypto::aead_key const& key, byte_string& frame)
    {
        return usmp::open_frame(context(), *usmp::parse_header(frame), key, frame);
    }

    usmp::profile const& how;
    crypto::workbench bench;
    usmp::wire_session_id id{pattern_bytes(how.session_id_size, 5)};
};

TEST(frame_cipher, what_is_sealed_is_opened)
{
    for (auto const* how : all) {
        sealing with{*how};
        usmp::direction to{key_of(1), 0};
        for (std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{how->max_plaintext}}) {
            auto const text = pattern_bytes(size);
            auto frame = with.seal(to, text);
            EXPECT_EQ(frame.size(), usmp::header_size + usmp::sealed_size(*how, size));
            auto const opened = with.open(to.key, frame);
            ASSERT_TRUE(opened);
            EXPECT_EQ(copy_of(*opened), text);
        }
        EXPECT_EQ(to.next, 3U);
    }
}

TEST(frame_cipher, short_payloads_are_refused_before_the_cipher)
{
    for (auto const* how : all) {
        sealing with{*how};
        for (std::size_t size = 0; size < how->nonce_size() + 16; ++size) {
            byte_string frame(usmp::header_size + size);
            usmp::write_header(
                {.version = how->version, .length = static_cast<std::uint16_t>(size)}, frame
            );
            EXPECT_EQ(with.open(key_of(1), frame).error(), error::malformed_length);
        }
    }
}

TEST(frame_cipher, the_carried_nonce_is_judged_by_generation)
{
    for (auto const* how : all) {
        if (how->nonce == usmp::nonce_rule::implicit)
            continue;
        sealing with{*how};
        usmp::direction to{key_of(1), 0};
        auto frame = with.seal(to, text_bytes("text"));
        frame[usmp::header_size] ^= 1;
        auto const exact = how->nonce == usmp::nonce_rule::carried_exact;
        EXPECT_EQ(
            with.open(to.key, frame).error(), exact ? error::malformed_nonce : error::unproven_frame
        );
    }
}

TEST(frame_cipher, the_nonce_counts_and_names_the_session)
{
    usmp::wire_session_id const four{pattern_bytes(4, 5)};
    usmp::wire_session_id const sixteen{pattern_bytes(16, 5)};
    EXPECT_EQ(to_hex(usmp::frame_nonce(0x01020304, four)), "04030201050c131a00000000");
    EXPECT_EQ(to_hex(usmp::frame_nonce(0x01020304, sixteen)), "04030201050c131a21282f36");
}

TEST(frame_cipher, too_long_a_text_and_the_forbidden_number_are_our_bugs)
{
    sealing with{usmp::r1_2};
    usmp::direction to{key_of(1), 0};
    EXPECT_DEATH(with.seal(to, pattern_bytes(453)), "");
    usmp::direction last{key_of(1), usmp::forbidden_sequence};
    EXPECT_DEATH(with.seal(last, {}), "");
}

TEST(key_trials, the_key_that_fits_is_named)
{
    sealing with{usmp::r0_2};
    auto const first = key_of(1);
    auto const second = key_of(2);
    auto const third = key_of(3);
    for (auto const* fitting : {&first, &second, &third}) {
        usmp::direction to{fitting->copy(), 7};
        auto frame = with.seal(to, text_bytes("a text of some length"));
        usmp::key_trials trials;
        trials.add(first).add(second).add(third);
        auto const opened = trials.open(with.context(), *usmp::parse_header(frame), frame);
        ASSERT_TRUE(opened);
        EXPECT_EQ(opened->key, fitting);
        EXPECT_EQ(text_of(opened->text), "a text of some length");
        EXPECT_EQ(opened->text.data(), frame.data() + usmp::header_size) << "in place";
    }
}

TEST(key_trials, no_key_fits)
{
    sealing with{usmp::r0_2};
    usmp::direction to{key_of(9), 0};
    auto const frame = with.seal(to, text_bytes("text"));
    auto const first = key_of(1);
    auto const second = key_of(2);
    for (int keys = 0; keys <= 2; ++keys) {
        auto copy = frame;
        usmp::key_trials trials;
        if (keys > 0)
            trials.add(first);
        if (keys > 1)
            trials.add(second);
        auto const opened = trials.open(with.context(), *usmp::parse_header(copy), copy);
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error(), error::unproven_frame);
    }
}

}  // namespace
}  // namespace gatehouse::test
