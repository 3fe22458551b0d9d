#include "backend/binary_record.h"
#include "unit/backend/answer.h"
#include "wire/reader.h"
#include "wire/writer.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace gatehouse::test {
namespace {

using namespace literals;
using backend::binary_type;
using backend::command_kind;

session_id const seventh{0x0100001122334455};
constexpr std::string_view device = "02:00:00:00:00:01";

std::unique_ptr<backend::codec> make()
{
    return backend::make_binary_codec();
}

template <class Record>
byte_string record_of(Record const& record)
{
    return written(*make(), record);
}

byte_string text_field(std::string_view text)
{
    byte_string made{static_cast<std::uint8_t>(text.size())};
    append(made, as_bytes(text));
    return made;
}

byte_string operator+(byte_string left, byte_string const& right)
{
    append(left, right);
    return left;
}

byte_string big64(std::uint64_t value)
{
    byte_string made(8);
    wire::writer{made}.big(value);
    return made;
}

// A record as a backend writes it.
byte_string framed(unsigned type, session_id session, byte_string const& body)
{
    byte_string made(4);
    wire::writer{made}.big(static_cast<std::uint32_t>(10 + body.size()));
    made.push_back(static_cast<std::uint8_t>(type));
    made.push_back(0);
    return made + copy_of(session.bytes()) + body;
}

byte_string framed(binary_type type, session_id session, byte_string const& body)
{
    return framed(static_cast<unsigned>(type), session, body);
}

// The record cut to `size` bytes, its length made true again.
byte_string shortened(byte_string record, std::size_t size)
{
    record.resize(size);
    wire::writer{record}.big(static_cast<std::uint32_t>(size - 4));
    return record;
}

answer read(bytes record)
{
    auto const format = make();
    EXPECT_EQ(format->split(record).value(), record.size());
    return ask(*format, record);
}

TEST(binary, hello)
{
    auto const wanted = "00000013"
                        "01"
                        "00"
                        "0000000000000000"
                        "0001"
                        "0003"
                        "04"_hex +
                        "gw-1"_bytes;
    EXPECT_EQ(record_of(backend::hello_record{.gateway = "gw-1", .worker = 3}), wanted);
}

TEST(binary, open)
{
    backend::open_record const record{
        .session = seventh,
        .device = device,
        .protocol = "usmp",
        .generation = "1.2",
        .listener = "fleet",
        .peer = "127.0.0.1:53211",
        .credential = "2026-11",
    };
    auto const wanted = "00000043"
                        "02"
                        "00"
                        "0100001122334455"_hex +
                        text_field(device) + text_field("usmp") + text_field("1.2") +
                        text_field("fleet") + text_field("127.0.0.1:53211") + text_field("2026-11");
    EXPECT_EQ(record_of(record), wanted);
}

TEST(binary, open_tells_routes_and_what_nobody_proved)
{
    backend::open_record record{seventh, "d", "p", "1", "l", "a", "k"};
    auto const fields = text_field("d") + text_field("p") + text_field("1") + text_field("l") +
                        text_field("a") + text_field("k");
    record.authenticated = false;
    EXPECT_EQ(
        record_of(record),
        "00000016"
        "02"
        "02"
        "0100001122334455"_hex +
            fields
    );
    record.is_protected = false;
    EXPECT_EQ(record_of(record)[5], 0x06);
    record.is_protected = true;
    record.authenticated = true;
    record.route = "/telemetry";
    EXPECT_EQ(
        record_of(record),
        "00000021"
        "02"
        "00"
        "0100001122334455"_hex +
            fields + text_field("/telemetry")
    );
}

TEST(binary, data)
{
    auto const payload = "00ff10"_hex;
    backend::data_record const record{
        .session = seventh, .device = device, .sequence = 0x0102030405060708, .payload = payload};
    auto const wanted = "00000027"
                        "03"
                        "00"
                        "0100001122334455"
                        "0102030405060708"_hex +
                        text_field(device) + payload;
    EXPECT_EQ(record_of(record), wanted);
}

TEST(binary, data_shows_what_came_beside_it)
{
    auto const payload = "t"_bytes;
    auto const plain = R"({"unit":"C"})"_bytes;
    auto const wanted = "00000035"
                        "03"
                        "08"
                        "0100001122334455"
                        "0000000000000001"_hex +
                        text_field(device) + "0000000c"_hex + plain + payload;
    EXPECT_EQ(record_of(backend::data_record{seventh, device, 1, payload, plain}), wanted);
}

TEST(binary, a_status_stands_in_front_of_the_payload)
{
    auto record = framed(
        binary_type::data, seventh, big64(0) + text_field("") + text_field("DONE") + "on"_bytes
    );
    record[5] = 0x08;
    auto const got = read(record);
    EXPECT_EQ(got.what, verdict::command);
    EXPECT_EQ(got.status, "DONE");
    EXPECT_EQ(got.payload, "on"_bytes);
    record.resize(4 + 10 + 8 + 1 + 3);
    auto const cut = read(shortened(record, record.size()));
    EXPECT_EQ(cut.what, verdict::refused) << cut.why;
}

TEST(binary, close)
{
    auto const wanted = "00000020"
                        "04"
                        "00"
                        "0100001122334455"_hex +
                        text_field(device) + text_field("bye");
    EXPECT_EQ(record_of(backend::close_record{seventh, device, "bye"}), wanted);
}

TEST(binary, error)
{
    auto const wanted = "0000001b"
                        "06"
                        "00"
                        "0100001122334455"_hex +
                        text_field("") + text_field("unknown session");
    EXPECT_EQ(record_of(backend::error_record{"unknown session", seventh, {}}), wanted);
}

// Of every kind of command; readers of an error without one find nothing behind its text.
TEST(binary, a_ref_comes_back_in_the_error)
{
    auto const ref = text_field("order 7");
    auto const named = [](byte_string made) {
        made[backend::binary_flags_offset] |= backend::binary_named;
        return made;
    };
    auto const data = read(named(framed(
        binary_type::data, seventh, big64(0) + text_field("") + ref + copy_of(as_bytes("on"))
    )));
    EXPECT_EQ(data.ref, "order 7");
    EXPECT_EQ(data.payload, copy_of(as_bytes("on")));
    EXPECT_EQ(
        read(named(framed(binary_type::close, seventh, text_field("") + ref))).ref, "order 7"
    );
    EXPECT_EQ(read(named(framed(binary_type::ack, seventh, big64(1) + ref))).ref, "order 7");
    auto const cut =
        read(named(framed(binary_type::close, seventh, text_field("") + byte_string{9})));
    EXPECT_EQ(cut.what, verdict::refused);
    auto const longer = read(named(
        framed(binary_type::close, seventh, text_field("") + text_field(std::string(129, 'x')))
    ));
    EXPECT_EQ(longer.what, verdict::refused);
    EXPECT_EQ(longer.ref, "");

    backend::error_record wrong{"unknown session", seventh, device, "order 7"};
    auto const with = record_of(wrong);
    wrong.ref = {};
    auto without = record_of(wrong);
    EXPECT_EQ(byte_string(with.end() - 8, with.end()), ref);
    EXPECT_EQ(with.size(), without.size() + ref.size());
}

TEST(binary, an_error_for_no_session_names_the_device)
{
    auto const wanted = "0000002b"
                        "06"
                        "00"
                        "0000000000000000"_hex +
                        text_field(device) + text_field("unknown device");
    EXPECT_EQ(record_of(backend::error_record{"unknown device", {}, device}), wanted);
}

TEST(binary, every_record_splits_as_it_was_written)
{
    auto const format = make();
    for (auto const& record :
         {record_of(backend::hello_record{"gw-1", 3}),
          record_of(backend::open_record{seventh, device, "usmp", "1.2", "fleet", "[::1]:1", "k"}),
          record_of(backend::data_record{seventh, device, 1, {}}),
          record_of(backend::close_record{seventh, device, "bye"}),
          record_of(backend::error_record{"unknown session", seventh, {}})}) {
        for (std::size_t size = 0; size < record.size(); ++size)
            EXPECT_EQ(format->split(bytes{record}.first(size)).value(), 0U) << size;
        EXPECT_EQ(format->split(record).value(), record.size());
        EXPECT_EQ(format->split(record + record).value(), record.size());
    }
}

TEST(binary, a_message_comes_back_as_it_was_written)
{
    for (std::size_t const size : {0U, 1U, 255U, 256U, 10'000U}) {
        auto const payload = pattern_bytes(size);
        auto const got = read(record_of(backend::data_record{seventh, device, 9, payload}));
        EXPECT_EQ(got.what, verdict::command);
        EXPECT_EQ(got.kind, command_kind::data);
        EXPECT_EQ(got.session, seventh);
        EXPECT_EQ(got.payload, payload);
    }
}

TEST(binary, a_message_for_a_device_comes_back_as_it_was_written)
{
    auto const payload = "on"_bytes;
    auto const got = read(record_of(backend::data_record{{}, device, 9, payload}));
    EXPECT_EQ(got.what, verdict::command);
    EXPECT_EQ(got.session, session_id{});
    EXPECT_EQ(got.device, device);
    EXPECT_EQ(got.payload, payload);
}

TEST(binary, reads_an_ack)
{
    auto const got = read(framed(binary_type::ack, seventh, big64(0xfedcba9876543210)));
    EXPECT_EQ(got.what, verdict::command);
    EXPECT_EQ(got.kind, command_kind::ack);
    EXPECT_EQ(got.session, seventh);
    EXPECT_EQ(got.sequence, 0xfedcba9876543210);
}

TEST(binary, reads_a_close)
{
    for (auto const& body :
         {""_hex, text_field(""), text_field(device), text_field(device) + text_field("why")}) {
        auto const got = read(framed(binary_type::close, seventh, body));
        EXPECT_EQ(got.what, verdict::command);
        EXPECT_EQ(got.kind, command_kind::close);
        EXPECT_EQ(got.session, seventh);
        EXPECT_EQ(got.device, "");
    }
}

TEST(binary, reads_a_close_of_a_device)
{
    auto const got = read(framed(binary_type::close, {}, text_field(device)));
    EXPECT_EQ(got.what, verdict::command);
    EXPECT_EQ(got.device, device);
}

TEST(binary, a_record_that_names_nobody_is_refused)
{
    for (auto const& record :
         {framed(binary_type::close, {}, {}),
          framed(binary_type::close, {}, text_field("")),
          framed(binary_type::data, {}, big64(1) + text_field("") + "on"_bytes),
          framed(binary_type::ack, {}, big64(1))}) {
        auto const got = read(record);
        EXPECT_EQ(got.what, verdict::refused) << to_hex(record);
        EXPECT_EQ(got.why, "record names no session");
    }
}

TEST(binary, bytes_behind_the_known_fields_are_ignored)
{
    EXPECT_EQ(read(framed(binary_type::ack, seventh, big64(7) + "0102"_hex)).sequence, 7U);
    EXPECT_EQ(
        read(framed(binary_type::close, seventh, text_field(device) + "0102"_hex)).what,
        verdict::command
    );
}

TEST(binary, flags_towards_the_gateway_are_ignored)
{
    auto record = framed(binary_type::ack, seventh, big64(7));
    record[backend::binary_flags_offset] = 0xff;
    EXPECT_EQ(read(record).sequence, 7U);
}

TEST(binary, unknown_types_are_refused)
{
    for (unsigned type = 0; type < 256; ++type) {
        if (type >= 3 && type <= 6)
            continue;
        auto const got = read(framed(type, seventh, pattern_bytes(40)));
        EXPECT_EQ(got.what, verdict::refused) << type;
        EXPECT_EQ(got.why, "unknown record type") << type;
        EXPECT_EQ(got.session, seventh) << type;
    }
}

TEST(binary, error_records_are_ignored)
{
    EXPECT_EQ(read(framed(6, seventh, pattern_bytes(40))).what, verdict::ignored);
}

TEST(binary, a_record_without_a_whole_header_is_broken)
{
    auto const record = framed(binary_type::close, seventh, {});
    for (std::size_t size = 4; size < record.size(); ++size)
        EXPECT_EQ(read(shortened(record, size)).what, verdict::broken) << size;
}

TEST(binary, data_truncated_within_its_fields_is_refused)
{
    auto const record =
        framed(binary_type::data, seventh, big64(1) + text_field(device) + "on"_bytes);
    auto const fields = record.size() - 2;
    for (std::size_t size = 14; size < fields; ++size) {
        auto const got = read(shortened(record, size));
        EXPECT_EQ(got.what, verdict::refused) << size;
        EXPECT_FALSE(got.why.empty()) << size;
        EXPECT_EQ(got.session, seventh) << size;
    }
    for (auto size = fields; size <= record.size(); ++size)
        EXPECT_EQ(read(shortened(record, size)).payload.size(), size - fields);
}

TEST(binary, close_truncated_within_its_fields_is_refused)
{
    auto const record = framed(binary_type::close, {}, text_field(device));
    for (std::size_t size = 14; size < record.size(); ++size)
        EXPECT_EQ(read(shortened(record, size)).what, verdict::refused) << size;
}

TEST(binary, ack_truncated_within_its_fields_is_refused)
{
    auto const record = framed(binary_type::ack, seventh, big64(7));
    for (std::size_t size = 14; size < record.size(); ++size) {
        auto const got = read(shortened(record, size));
        EXPECT_EQ(got.what, verdict::refused) << size;
        EXPECT_EQ(got.why, "ack has no sequence") << size;
    }
}

TEST(binary, again_is_a_flag)
{
    auto const format = make();
    auto const record = record_of(backend::close_record{seventh, device, "bye"});
    auto wanted = record;
    wanted[5] = 0x01;
    EXPECT_EQ(written_again(*format, record), wanted);
}

TEST(binary, again_twice_is_again_once)
{
    auto const format = make();
    auto const once =
        written_again(*format, record_of(backend::close_record{seventh, device, "bye"}));
    EXPECT_EQ(written_again(*format, once), once);
}

TEST(binary, again_leaves_other_flags_alone)
{
    auto record = record_of(backend::close_record{seventh, device, "bye"});
    record[5] = 0x80;
    EXPECT_EQ(written_again(*make(), record)[5], 0x81);
}

TEST(binary, records_are_appended)
{
    auto const format = make();
    auto const record = record_of(backend::close_record{seventh, device, "bye"});
    auto out = "before"_bytes;
    format->write(backend::close_record{seventh, device, "bye"}, out);
    format->write_again(record, out);
    EXPECT_EQ(out, "before"_bytes + record + written_again(*format, record));
}

TEST(binary, a_record_may_be_as_long_as_the_limit)
{
    auto const body = byte_string(backend::incoming_record_limit - 14);
    auto const record = framed(binary_type::data, seventh, body);
    ASSERT_EQ(record.size(), backend::incoming_record_limit);
    EXPECT_EQ(make()->split(record).value(), record.size());
    EXPECT_EQ(make()->split(bytes{record}.first(4)).value(), 0U);
    EXPECT_EQ(read(record).what, verdict::command);
}

TEST(binary, a_longer_record_is_refused_as_soon_as_its_length_is_there)
{
    byte_string length(4);
    for (std::uint32_t const size :
         {std::uint32_t{backend::incoming_record_limit} - 3,
          0x7fffffffU,
          0x80000000U,
          0xfffffffbU,
          0xfffffffcU,
          0xffffffffU}) {
        wire::writer{length}.big(size);
        EXPECT_EQ(make()->split(length), error::backend_too_long) << size;
    }
}

TEST(binary, a_long_text_is_cut)
{
    std::string const name(300, 'n');
    auto const record = record_of(backend::hello_record{.gateway = name, .worker = 0});
    EXPECT_EQ(make()->split(record).value(), record.size());
    EXPECT_EQ(record.size(), 4U + 10 + 4 + 1 + 255);
    EXPECT_EQ(record[18], 255);
}

}  // namespace
}  // namespace gatehouse::test
