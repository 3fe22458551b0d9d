#include "protocol/spp/hello.h"
#include "support/readable_error.h"
#include "support/reference_spp.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace gatehouse::test {
namespace {

using form = spp::first_bytes::form;

byte_string usual_hello()
{
    return reference_spp_device{{}}.hello();
}

// As rs-b sends it: the signature has no length before it.
byte_string rs_b_hello()
{
    auto const whole = usual_hello();
    byte_string made{whole.begin() + 8, whole.begin() + 72};
    append(made, little_64(32));
    append(made, bytes{whole}.last(32));
    return made;
}

byte_string behind(byte_string front, std::size_t total = 200)
{
    front.resize(total, 0xaa);
    return front;
}

// The verdict at each number of bytes: unclear up to `decided_at`, `expected` from there on.
void expect_decided(bytes stream, std::size_t decided_at, form expected, error why = {})
{
    for (std::size_t size = 0; size <= stream.size(); ++size) {
        auto const seen = spp::judge(stream.first(size));
        ASSERT_EQ(seen.what, size < decided_at ? form::unclear : expected) << size;
        if (size >= decided_at && expected == form::refused)
            EXPECT_EQ(seen.why, why);
    }
}

TEST(spp_hello, is_whole_at_104_bytes)
{
    expect_decided(usual_hello(), 104, form::hello);
    expect_decided(behind(usual_hello()), 104, form::hello);
}

TEST(spp_hello, other_lengths_are_refused_at_their_eighth_byte)
{
    for (auto const length : {0ULL, 1ULL, 32ULL, 63ULL, 65ULL, 95ULL, 97ULL, 352ULL, 0xffffffffULL})
        expect_decided(behind(little_64(length)), 8, form::refused, error::malformed_length);
}

TEST(spp_hello, rs_a_is_named_at_its_first_length)
{
    auto const stream = behind(little_64(64));
    expect_decided(stream, 8, form::refused, error::incompatible_generation);
    EXPECT_EQ(spp::judge(stream).foreign, "rs-a");
}

TEST(spp_hello, rs_b_is_named_at_the_length_behind_its_signature)
{
    auto const stream = rs_b_hello();
    expect_decided(stream, 72, form::refused, error::incompatible_generation);
    EXPECT_EQ(spp::judge(stream).foreign, "rs-b");
}

TEST(spp_hello, what_is_none_of_these_is_refused_before_a_hello_would_be_whole)
{
    auto const request = behind(text_bytes("GET / HTTP/1.1\r\nHost: gateway\r\n\r\n"));
    expect_decided(request, 72, form::refused, error::malformed_magic);
    auto almost = rs_b_hello();
    almost[71] = 1;
    expect_decided(almost, 72, form::refused, error::malformed_magic);
}

TEST(spp_hello, parse_takes_exactly_one)
{
    auto const whole = usual_hello();
    ASSERT_TRUE(spp::hello::parse(whole));
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(spp::hello::parse(bytes{whole}.first(size))) << size;
    EXPECT_FALSE(spp::hello::parse(behind(whole)));
    for (std::size_t at = 0; at < 8; ++at) {
        auto changed = whole;
        changed[at] ^= 1;
        auto const read = spp::hello::parse(changed);
        ASSERT_FALSE(read);
        EXPECT_EQ(read.error(), error::malformed_length);
    }
}

TEST(spp_hello, is_written_as_it_was_read)
{
    auto const whole = usual_hello();
    wire_buffer out;
    write(spp::hello::parse(whole).value(), out);
    ASSERT_EQ(out.frames(), 1U);
    EXPECT_EQ(to_hex(out.all()), to_hex(whole));
}

}  // namespace
}  // namespace gatehouse::test
