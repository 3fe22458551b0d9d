#include "protocol/usmp/messages.h"
#include "support/byte_string.h"
#include "support/reference_device.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace gatehouse::test {
namespace {

// Sizes around the only right one.
template <class Message, class... Extra>
void expect_exact_size(std::size_t right, Extra... extra)
{
    for (std::size_t size = 0; size < 100; ++size) {
        auto const parsed = Message::parse(pattern_bytes(size), extra...);
        ASSERT_EQ(parsed.has_value(), size == right) << size;
        if (!parsed)
            EXPECT_EQ(parsed.error(), error::malformed_length);
    }
}

TEST(messages, lengths_are_exact)
{
    expect_exact_size<usmp::hello>(38);
    expect_exact_size<usmp::challenge>(64);
    expect_exact_size<usmp::hello_ack>(32);
    expect_exact_size<usmp::session_ok>(36, std::size_t{4});
    expect_exact_size<usmp::session_ok>(48, std::size_t{16});
    expect_exact_size<usmp::hello_retry>(16);
}

TEST(messages, a_hello_over_datagrams_may_bring_a_cookie)
{
    for (std::size_t size = 0; size < 100; ++size) {
        auto const payload = pattern_bytes(size);
        auto const parsed = usmp::datagram_hello::parse(payload);
        ASSERT_EQ(parsed.has_value(), size == 38 || size == 54) << size;
        if (!parsed) {
            EXPECT_EQ(parsed.error(), error::malformed_length);
            continue;
        }
        EXPECT_EQ(to_hex(parsed->message.device), to_hex(bytes{payload}.first(6)));
        EXPECT_EQ(to_hex(parsed->message.public_key), to_hex(bytes{payload}.subspan(6, 32)));
        ASSERT_EQ(parsed->cookie.has_value(), size == 54);
        if (parsed->cookie)
            EXPECT_EQ(to_hex(*parsed->cookie), to_hex(bytes{payload}.last(16)));
    }
}

// What is written is parsed again, and is framed as a device expects it.
template <class Message, class... Extra>
void expect_round_trip(std::uint8_t type, std::size_t size, Extra... extra)
{
    auto const payload = pattern_bytes(size, 11);
    auto const parsed = Message::parse(payload, extra...);
    ASSERT_TRUE(parsed);
    wire_buffer out;
    usmp::write({.version = 1, .sequence = 5}, *parsed, out);
    ASSERT_EQ(out.frames(), 1U);
    EXPECT_EQ(to_hex(out.frame_at(0)), to_hex(reference_device::frame(1, type, 5, payload)));
}

TEST(messages, written_as_parsed)
{
    expect_round_trip<usmp::hello>(wire_type::hello, 38);
    expect_round_trip<usmp::challenge>(wire_type::challenge, 64);
    expect_round_trip<usmp::hello_ack>(wire_type::hello_ack, 32);
    expect_round_trip<usmp::session_ok>(wire_type::session_ok, 36, std::size_t{4});
    expect_round_trip<usmp::session_ok>(wire_type::session_ok, 48, std::size_t{16});
    expect_round_trip<usmp::datagram_hello>(wire_type::hello, 38);
    expect_round_trip<usmp::datagram_hello>(wire_type::hello, 54);
    expect_round_trip<usmp::hello_retry>(wire_type::hello_retry, 16);
}

TEST(messages, fields_are_where_they_belong)
{
    auto const payload = pattern_bytes(64);
    auto const hello = *usmp::hello::parse(bytes{payload}.first(38));
    EXPECT_EQ(to_hex(hello.device), to_hex(bytes{payload}.first(6)));
    EXPECT_EQ(to_hex(hello.public_key), to_hex(bytes{payload}.subspan(6, 32)));
    auto const challenge = *usmp::challenge::parse(payload);
    EXPECT_EQ(to_hex(challenge.nonce), to_hex(bytes{payload}.first(32)));
    EXPECT_EQ(to_hex(challenge.public_key), to_hex(bytes{payload}.last(32)));
    auto const ok = *usmp::session_ok::parse(bytes{payload}.first(48), 16);
    EXPECT_EQ(to_hex(ok.id.get()), to_hex(bytes{payload}.first(16)));
    EXPECT_EQ(to_hex(ok.proof), to_hex(bytes{payload}.subspan(16, 32)));
}

TEST(wire_session_id, has_either_length)
{
    EXPECT_TRUE(usmp::wire_session_id{}.get().empty());
    EXPECT_EQ(usmp::wire_session_id{pattern_bytes(4)}.get().size(), 4U);
    auto const id = pattern_bytes(16, 2);
    EXPECT_EQ(to_hex(usmp::wire_session_id{id}.get()), to_hex(id));
    EXPECT_DEATH(usmp::wire_session_id{pattern_bytes(17)}, "");
}

}  // namespace
}  // namespace gatehouse::test
