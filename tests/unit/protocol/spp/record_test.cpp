#include "protocol/spp/record.h"
#include "support/readable_error.h"
#include "support/reference_crypto.h"
#include "support/reference_spp.h"
#include "support/scripted_random.h"

#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <string>

namespace gatehouse::test {
namespace {

byte_string nonce_of(bytes record)
{
    return copy_of(record.subspan(8, 12));
}

class spp_record : public testing::TestWithParam<spp::generation> {
protected:
    byte_string seal(bytes payload, std::uint32_t number = 1)
    {
        wire_buffer out;
        spp::seal_record({cipher, key, GetParam(), prefix, number}, payload, out);
        return copy_of(out.all());
    }

    result<bytes> open(mutable_bytes record, std::uint32_t expected = 1)
    {
        auto const text = spp::open_record(cipher, key, record);
        if (!text)
            return text.error();
        return spp::judge_sequence(GetParam(), *text, expected);
    }

    bool numbered() const { return spp::has_sequence(GetParam()); }

    crypto::aead cipher{crypto::aead_algorithm::chacha20_poly1305};
    crypto::aead_key const key = crypto::aead_key::from(std::array<std::uint8_t, 32>{1, 2, 3});
    spp::nonce_prefix const prefix{8, 7, 6, 5, 4, 3, 2, 1};
};
INSTANTIATE_TEST_SUITE_P(
    generation,
    spp_record,
    testing::ValuesIn(spp::all_generations),
    [](auto const& instance) { return std::to_string(static_cast<int>(instance.param)); }
);

TEST_P(spp_record, opens_as_it_was_sealed)
{
    for (std::size_t const size : {0U, 1U, 15U, 16U, 1400U, 65536U}) {
        auto const payload = pattern_bytes(size);
        auto record = seal(payload, 7);
        EXPECT_EQ(record.size(), 8 + spp::record_length(GetParam(), size));
        EXPECT_EQ(to_hex(bytes{record}.first(8)), to_hex(little_64(record.size() - 8)));
        auto const opened = open(record, 7);
        ASSERT_TRUE(opened);
        EXPECT_EQ(to_hex(*opened), to_hex(payload));
    }
}

// The library's own one-shot calls open it, with nothing authenticated beside the text.
TEST_P(spp_record, is_what_the_protocol_describes)
{
    auto const record = seal(text_bytes("payload"), 0x01020304);
    auto const text = reference::open(
        reference::cipher::chacha20_poly1305,
        key.expose(),
        bytes{record}.subspan(8, 12),
        {},
        bytes{record}.subspan(20)
    );
    ASSERT_TRUE(text);
    auto expected = numbered() ? little_64(0x01020304) : byte_string{};
    append(expected, text_bytes("payload"));
    EXPECT_EQ(to_hex(*text), to_hex(expected));
}

TEST_P(spp_record, no_two_numbers_share_a_nonce)
{
    std::set<std::string> nonces;
    for (auto const number : {1U, 2U, 255U, 256U, 65536U, 1U << 24, (1U << 28) - 1})
        EXPECT_TRUE(nonces.insert(to_hex(nonce_of(seal({}, number)))).second);
}

TEST_P(spp_record, own_records_are_known_by_their_nonce)
{
    auto const own = seal(text_bytes("x"), 5);
    EXPECT_TRUE(spp::carries(prefix, own));
    for (std::size_t at = 8; at < 16; ++at) {
        auto other = own;
        other[at] ^= 1;
        EXPECT_FALSE(spp::carries(prefix, other)) << at;
    }
}

TEST_P(spp_record, any_change_behind_the_length_is_refused)
{
    auto const whole = seal(text_bytes("sixteen bytes ok"));
    for (std::size_t at = 8; at < whole.size(); ++at) {
        auto changed = whole;
        changed[at] ^= 0x40;
        auto const opened = open(changed);
        ASSERT_FALSE(opened) << at;
        EXPECT_EQ(opened.error(), error::unproven_frame);
    }
}

class spp_numbered_record : public spp_record {};
INSTANTIATE_TEST_SUITE_P(
    generation,
    spp_numbered_record,
    testing::Values(spp::generation::py_0_2, spp::generation::py_0_1),
    [](auto const& instance) { return std::to_string(static_cast<int>(instance.param)); }
);

TEST_P(spp_numbered_record, must_have_the_expected_number)
{
    auto const judge = [&](std::uint32_t number, std::uint32_t expected) {
        auto record = seal(text_bytes("x"), number);
        auto const opened = open(record, expected);
        return opened ? std::optional<error>{} : opened.error();
    };
    EXPECT_EQ(judge(5, 5), std::nullopt);
    EXPECT_EQ(judge(4, 5), error::unproven_replay);
    EXPECT_EQ(judge(6, 5), error::unproven_sequence);
}

TEST_P(spp_numbered_record, a_number_is_judged_in_all_its_bytes)
{
    for (std::size_t at = 0; at < 8; ++at) {
        auto text = little_64(1);
        text[at] ^= 0x80;
        EXPECT_FALSE(judge_sequence(GetParam(), text, 1)) << at;
    }
    auto const one = little_64(1);
    for (std::size_t size = 0; size < 8; ++size) {
        auto const cut = spp::judge_sequence(GetParam(), bytes{one}.first(size), 1);
        ASSERT_FALSE(cut);
        EXPECT_EQ(cut.error(), error::malformed_length);
    }
}

TEST_P(spp_record, lengths_have_two_bounds)
{
    spp::length_range const range{
        spp::shortest_record(GetParam()), spp::record_length(GetParam(), 1000)};
    auto const size_of = [&](std::uint64_t length) {
        return spp::record_size(little_64(length), range);
    };
    EXPECT_EQ(size_of(range.shortest).value(), 8 + range.shortest);
    EXPECT_EQ(size_of(range.longest).value(), 8 + range.longest);
    for (std::uint64_t const length : {std::uint64_t{0}, std::uint64_t{range.shortest - 1}})
        EXPECT_EQ(size_of(length).error(), error::malformed_length);
    for (auto const length :
         {std::uint64_t{range.longest + 1},
          std::uint64_t{1} << 32,
          std::uint64_t{1} << 63,
          std::numeric_limits<std::uint64_t>::max()})
        EXPECT_EQ(size_of(length).error(), error::malformed_oversize);
}

TEST(spp_nonce_prefix, is_drawn_at_random)
{
    scripted_random random{pattern_bytes(8, 0x31)};
    EXPECT_EQ(to_hex(spp::draw_prefix(random)), to_hex(pattern_bytes(8, 0x31)));
    EXPECT_EQ(random.drawn(), 8U);
    EXPECT_NE(spp::draw_prefix(random), spp::draw_prefix(random));
}

}  // namespace
}  // namespace gatehouse::test
