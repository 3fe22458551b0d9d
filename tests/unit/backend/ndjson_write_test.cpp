// lib/backend/ndjson.cpp, what the gateway writes: the contract's lines, byte for byte.
#include "backend/codec.h"
#include "unit/backend/answer.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace gatehouse::test {
namespace {

using namespace literals;
using backend::payload_form;

session_id const seventh{0x0100001122334455};

template <class Record>
std::string line(Record const& record, payload_form form = payload_form::base64)
{
    return text_of(written(*backend::make_ndjson_codec(form), record));
}

std::string again(std::string_view record)
{
    auto const format = backend::make_ndjson_codec(payload_form::base64);
    return text_of(written_again(*format, as_bytes(record)));
}

backend::data_record message(bytes payload)
{
    return {.session = seventh, .device = "d", .sequence = 1, .payload = payload};
}

TEST(ndjson_write, hello)
{
    EXPECT_EQ(
        line(backend::hello_record{.gateway = "gw-1", .worker = 3}),
        "{\"type\":\"hello\",\"version\":1,\"gateway\":\"gw-1\",\"worker\":3}\n"
    );
}

TEST(ndjson_write, open)
{
    backend::open_record const record{
        .session = seventh,
        .device = "02:00:00:00:00:01",
        .protocol = "usmp",
        .generation = "1.2",
        .listener = "fleet",
        .peer = "127.0.0.1:53211",
        .credential = "2026-11",
    };
    EXPECT_EQ(
        line(record),
        "{\"type\":\"open\",\"session\":\"0100001122334455\",\"device\":\"02:00:00:00:00:01\","
        "\"protocol\":\"usmp\",\"generation\":\"1.2\",\"listener\":\"fleet\","
        "\"peer\":\"127.0.0.1:53211\",\"credential\":\"2026-11\"}\n"
    );
}

TEST(ndjson_write, open_tells_routes_and_what_nobody_proved)
{
    backend::open_record record{seventh, "-", "p", "1", "l", "[::1]:1", ""};
    EXPECT_EQ(line(record).find("authenticated"), std::string::npos);
    EXPECT_EQ(line(record).find("route"), std::string::npos);
    EXPECT_EQ(line(record).find("protection"), std::string::npos);
    record.route = "/a \"b\"";
    record.authenticated = false;
    EXPECT_EQ(
        line(record),
        "{\"type\":\"open\",\"session\":\"0100001122334455\",\"device\":\"-\","
        "\"protocol\":\"p\",\"generation\":\"1\",\"listener\":\"l\",\"peer\":\"[::1]:1\","
        "\"credential\":\"\",\"route\":\"/a \\\"b\\\"\",\"authenticated\":false}\n"
    );
    record.is_protected = false;
    EXPECT_NE(
        line(record).find(R"("authenticated":false,"protection":"none"})"), std::string::npos
    );
}

TEST(ndjson_write, data)
{
    auto const payload = "temp=21.5"_bytes;
    backend::data_record const record{
        .session = seventh, .device = "02:00:00:00:00:01", .sequence = 1, .payload = payload};
    EXPECT_EQ(
        line(record),
        "{\"type\":\"data\",\"session\":\"0100001122334455\",\"device\":\"02:00:00:00:00:01\","
        "\"seq\":1,\"data\":\"dGVtcD0yMS41\"}\n"
    );
}

TEST(ndjson_write, data_shows_what_came_beside_it)
{
    auto const payload = "t"_bytes;
    auto const plain = R"({"unit":"C"})"_bytes;
    EXPECT_EQ(
        line(backend::data_record{seventh, "anonymous", 1, payload, plain}),
        "{\"type\":\"data\",\"session\":\"0100001122334455\",\"device\":\"anonymous\",\"seq\":1,"
        "\"data\":\"dA==\",\"plain\":{\"unit\":\"C\"}}\n"
    );
}

TEST(ndjson_write, close)
{
    EXPECT_EQ(
        line(backend::close_record{
            .session = seventh, .device = "02:00:00:00:00:01", .reason = "bye"}),
        "{\"type\":\"close\",\"session\":\"0100001122334455\",\"device\":\"02:00:00:00:00:01\","
        "\"reason\":\"bye\"}\n"
    );
}

TEST(ndjson_write, error_names_what_the_refused_record_named)
{
    using record = backend::error_record;
    EXPECT_EQ(
        line(record{.text = "unknown session", .session = seventh, .device = {}}),
        "{\"type\":\"error\",\"error\":\"unknown session\",\"session\":\"0100001122334455\"}\n"
    );
    EXPECT_EQ(
        line(record{.text = "unknown device", .session = {}, .device = "02:00:00:00:00:01"}),
        "{\"type\":\"error\",\"error\":\"unknown device\",\"device\":\"02:00:00:00:00:01\"}\n"
    );
    EXPECT_EQ(
        line(record{.text = "record has no type", .session = {}, .device = {}}),
        "{\"type\":\"error\",\"error\":\"record has no type\"}\n"
    );
    EXPECT_EQ(
        line(record{.text = "unknown device", .session = {}, .device = "d", .ref = "order \"7\""}),
        "{\"type\":\"error\",\"error\":\"unknown device\",\"device\":\"d\","
        "\"ref\":\"order \\\"7\\\"\"}\n"
    );
}

TEST(ndjson_write, names_are_escaped)
{
    EXPECT_EQ(
        line(backend::hello_record{.gateway = "a\"b\\c\nd", .worker = 0}),
        "{\"type\":\"hello\",\"version\":1,\"gateway\":\"a\\\"b\\\\c\\nd\",\"worker\":0}\n"
    );
    EXPECT_EQ(
        line(backend::error_record{.text = "unknown device", .session = {}, .device = "\"}\n{"}),
        "{\"type\":\"error\",\"error\":\"unknown device\",\"device\":\"\\\"}\\n{\"}\n"
    );
}

TEST(ndjson_write, a_sequence_is_exact_to_the_last)
{
    auto record = message({});
    record.sequence = std::numeric_limits<std::uint64_t>::max();
    EXPECT_NE(line(record).find("\"seq\":18446744073709551615,"), std::string::npos);
}

TEST(ndjson_write, an_empty_message_is_an_empty_text)
{
    EXPECT_NE(line(message({})).find("\"seq\":1,\"data\":\"\"}\n"), std::string::npos);
    EXPECT_NE(
        line(message({}), payload_form::text).find("\"seq\":1,\"text\":\"\"}\n"), std::string::npos
    );
}

TEST(ndjson_write, utf8_travels_as_text_when_the_backend_wants_text)
{
    auto const payload = "gr\xc3\xbc\xc3\x9f \"all\"\n"_bytes;
    EXPECT_NE(
        line(message(payload), payload_form::text)
            .find("\"seq\":1,\"text\":\"gr\xc3\xbc\xc3\x9f \\\"all\\\"\\n\"}\n"),
        std::string::npos
    );
}

TEST(ndjson_write, utf8_travels_as_base64_when_the_backend_wants_base64)
{
    auto const payload = "plain"_bytes;
    EXPECT_NE(line(message(payload)).find("\"seq\":1,\"data\":\"cGxhaW4=\"}\n"), std::string::npos);
}

TEST(ndjson_write, bytes_that_are_no_utf8_travel_as_base64_even_so)
{
    for (auto const& payload :
         {"ff"_hex, "6180"_hex, "c080"_hex, "eda080"_hex, "f4908080"_hex, "c3"_hex}) {
        auto const made = line(message(payload), payload_form::text);
        EXPECT_NE(made.find("\"data\":\""), std::string::npos) << made;
        EXPECT_EQ(made.find("\"text\":"), std::string::npos) << made;
    }
}

// Whatever a device sends, its record is one line of JSON that gives the same bytes back.
TEST(ndjson_write, every_byte_survives_in_both_forms)
{
    for (auto const form : {payload_form::base64, payload_form::text})
        for (unsigned code = 0; code < 0x100; ++code) {
            byte_string const payload{'<', static_cast<std::uint8_t>(code), '>'};
            auto const made = line(message(payload), form);
            ASSERT_EQ(made.find('\n'), made.size() - 1) << code;
            auto const object = boost::json::parse(made).as_object();
            if (auto const* text = object.if_contains("text")) {
                EXPECT_EQ(text_bytes(std::string_view{text->as_string()}), payload) << code;
                continue;
            }
            auto const format = backend::make_ndjson_codec(form);
            EXPECT_EQ(ask(*format, made).payload, payload) << code;
        }
}

TEST(ndjson_write, again_is_one_more_field)
{
    EXPECT_EQ(
        again("{\"type\":\"close\",\"reason\":\"bye\"}\n"),
        "{\"type\":\"close\",\"reason\":\"bye\",\"again\":true}\n"
    );
}

TEST(ndjson_write, again_twice_is_again_once)
{
    auto const once = again("{\"type\":\"data\",\"seq\":1,\"data\":\"\"}\n");
    EXPECT_EQ(again(once), once);
}

// The mark is looked for at the end of the line, where a message could have written it.
TEST(ndjson_write, no_message_can_pass_for_a_record_that_is_sent_again)
{
    auto const payload = "x\",\"again\":true}\n"_bytes;
    for (auto const form : {payload_form::base64, payload_form::text}) {
        auto const made = line(message(payload), form);
        auto const repeated = again(made);
        EXPECT_GT(repeated.size(), made.size());
        EXPECT_TRUE(boost::json::parse(repeated).as_object().at("again").as_bool());
    }
}

TEST(ndjson_write, records_are_appended)
{
    auto const format = backend::make_ndjson_codec(payload_form::base64);
    auto out = text_bytes("before\n");
    format->write(backend::close_record{seventh, "d", "bye"}, out);
    auto const first = text_of(out).substr(7);
    format->write_again(as_bytes(first), out);
    EXPECT_EQ(text_of(out), "before\n" + first + again(first));
}

}  // namespace
}  // namespace gatehouse::test
