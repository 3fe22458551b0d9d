#include "protocol/usmp/frame.h"
#include "support/byte_string.h"
#include "support/reference_device.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace literals;

TEST(frame, could_become_one)
{
    EXPECT_TRUE(usmp::starts_like_a_frame({}));
    EXPECT_TRUE(usmp::starts_like_a_frame("cd"_hex));
    EXPECT_TRUE(usmp::starts_like_a_frame("cdab"_hex));
    EXPECT_TRUE(usmp::starts_like_a_frame("cdabffffffff"_hex));
    EXPECT_FALSE(usmp::starts_like_a_frame("ab"_hex));
    EXPECT_FALSE(usmp::starts_like_a_frame("abcd"_hex));
    EXPECT_FALSE(usmp::starts_like_a_frame("cdac"_hex));
    EXPECT_FALSE(usmp::starts_like_a_frame("GET / HTTP/1.1"_bytes));
}

TEST(frame, header_fields)
{
    auto const header = usmp::parse_header("cdab0205040302010f006b4d"_hex);
    ASSERT_TRUE(header);
    EXPECT_EQ(header->version, 2);
    EXPECT_EQ(header->type, usmp::frame_type::data);
    EXPECT_EQ(header->sequence, 0x01020304U);
    EXPECT_EQ(header->length, 15);
    EXPECT_EQ(header->checksum, 0x4d6b);
    EXPECT_EQ(header->frame_size(), 27U);
}

TEST(frame, header_refusals)
{
    EXPECT_EQ(usmp::parse_header("cdac02050403020100000000"_hex).error(), error::malformed_magic);
    EXPECT_EQ(usmp::parse_header("cdab0205040302010000"_hex).error(), error::malformed_length);
    EXPECT_TRUE(usmp::parse_header("cdab020500000000e0010000"_hex));
    EXPECT_EQ(
        usmp::parse_header("cdab020500000000e1010000"_hex).error(), error::malformed_oversize
    );
    EXPECT_EQ(
        usmp::parse_header("cdab020500000000ffff0000"_hex).error(), error::malformed_oversize
    );
    // Version and type are the caller's to judge.
    EXPECT_TRUE(usmp::parse_header("cdabffff0000000000000000"_hex));
}

TEST(frame, what_is_written_is_what_a_device_expects)
{
    for (std::size_t size : {0U, 1U, 7U, 8U, 9U, 479U, 480U}) {
        auto const payload = pattern_bytes(size, 5);
        byte_string frame(usmp::header_size);
        append(frame, payload);
        usmp::write_header(
            {
                .version = 2,
                .type = usmp::frame_type::data_frag,
                .sequence = 0xfffffffe,
                .length = static_cast<std::uint16_t>(size),
            },
            frame
        );
        usmp::write_checksum(frame);
        EXPECT_EQ(frame, reference_device::frame(2, wire_type::data_frag, 0xfffffffe, payload));
        auto const header = usmp::parse_header(frame);
        ASSERT_TRUE(header);
        EXPECT_TRUE(usmp::checksum_matches(*header, frame));
    }
}

TEST(frame, checksum_covers_all_but_itself)
{
    auto const good = reference_device::frame(2, wire_type::data, 7, pattern_bytes(40));
    for (std::size_t at = 0; at < good.size(); ++at) {
        auto const header = *usmp::parse_header(good);
        auto changed = good;
        changed[at] ^= 0x04;
        EXPECT_EQ(usmp::checksum_matches(header, changed), at == 10 || at == 11) << at;
    }
    auto header = *usmp::parse_header(good);
    header.checksum ^= 1;
    EXPECT_FALSE(usmp::checksum_matches(header, good));
}

}  // namespace
}  // namespace gatehouse::test
