// lib/backend/ndjson.cpp, what backends may write, and what becomes of everything else.
#include "backend/codec.h"
#include "unit/backend/answer.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace gatehouse::test {
namespace {

using namespace literals;
using backend::command_kind;

session_id const seventh{0x0100001122334455};
std::string const in_session = R"("session":"0100001122334455")";

std::unique_ptr<backend::codec> make()
{
    return backend::make_ndjson_codec(backend::payload_form::base64);
}

answer read(std::string_view line)
{
    return ask(*make(), line);
}

void expect_refused(std::string_view line, std::string_view why)
{
    auto const got = read(line);
    EXPECT_EQ(got.what, verdict::refused) << line;
    EXPECT_EQ(got.why, why) << line;
}

TEST(ndjson_read, data_for_a_session)
{
    auto const got = read(R"({"type":"data","session":"0100001122334455","data":"b24="})"
                          "\n");
    EXPECT_EQ(got.what, verdict::command);
    EXPECT_EQ(got.kind, command_kind::data);
    EXPECT_EQ(got.session, seventh);
    EXPECT_EQ(got.device, "");
    EXPECT_EQ(got.payload, "on"_bytes);
}

TEST(ndjson_read, data_for_a_device)
{
    auto const got = read(R"({"type":"data","device":"02:00:00:00:00:01","data":"b24="})"
                          "\n");
    EXPECT_EQ(got.what, verdict::command);
    EXPECT_EQ(got.session, session_id{});
    EXPECT_EQ(got.device, "02:00:00:00:00:01");
    EXPECT_EQ(got.payload, "on"_bytes);
}

TEST(ndjson_read, data_as_text)
{
    auto const got = read(
        "{\"type\":\"data\"," + in_session +
        R"(,"text":"gr\u00fc\u00df \"\n\u0000"})"
        "\n"
    );
    EXPECT_EQ(got.what, verdict::command);
    EXPECT_EQ(text_of(got.payload), std::string("gr\xc3\xbc\xc3\x9f \"\n\0", 10));
}

TEST(ndjson_read, both_forms_are_read_whatever_is_written)
{
    auto const format = backend::make_ndjson_codec(backend::payload_form::text);
    EXPECT_EQ(
        ask(*format, "{\"type\":\"data\"," + in_session + ",\"data\":\"b24=\"}\n").payload,
        "on"_bytes
    );
    EXPECT_EQ(
        ask(*format, "{\"type\":\"data\"," + in_session + ",\"text\":\"on\"}\n").payload, "on"_bytes
    );
}

TEST(ndjson_read, an_empty_message)
{
    for (auto const* field : {R"("data":"")", R"("text":"")"}) {
        auto const got = read("{\"type\":\"data\"," + in_session + "," + field + "}\n");
        EXPECT_EQ(got.what, verdict::command) << field;
        EXPECT_TRUE(got.payload.empty()) << field;
    }
}

TEST(ndjson_read, ack)
{
    auto const got = read(R"({"type":"ack","session":"0100001122334455","seq":7})"
                          "\n");
    EXPECT_EQ(got.what, verdict::command);
    EXPECT_EQ(got.kind, command_kind::ack);
    EXPECT_EQ(got.session, seventh);
    EXPECT_EQ(got.sequence, 7U);
}

TEST(ndjson_read, close_of_a_session)
{
    auto const got = read(R"({"type":"close","session":"0100001122334455"})"
                          "\n");
    EXPECT_EQ(got.what, verdict::command);
    EXPECT_EQ(got.kind, command_kind::close);
    EXPECT_EQ(got.session, seventh);
}

TEST(ndjson_read, close_of_a_device)
{
    auto const got = read(R"({"type":"close","device":"02:00:00:00:00:01"})"
                          "\n");
    EXPECT_EQ(got.what, verdict::command);
    EXPECT_EQ(got.kind, command_kind::close);
    EXPECT_EQ(got.device, "02:00:00:00:00:01");
}

TEST(ndjson_read, a_session_wins_over_a_device)
{
    auto const got =
        read("{\"type\":\"close\",\"device\":\"02:00:00:00:00:01\"," + in_session + "}\n");
    EXPECT_EQ(got.session, seventh);
    EXPECT_EQ(got.device, "");
}

TEST(ndjson_read, fields_in_any_order_with_any_blanks)
{
    auto const got =
        read(" {\t\"seq\" : 7 ,\r \"session\":\"0100001122334455\", \"type\"\t:\"ack\" } \r\n");
    EXPECT_EQ(got.what, verdict::command);
    EXPECT_EQ(got.sequence, 7U);
}

TEST(ndjson_read, hexadecimal_digits_in_either_case)
{
    EXPECT_EQ(
        read(R"({"type":"close","session":"00ABCDEFabcdef00"})").session,
        session_id{0x00abcdefabcdef00}
    );
}

TEST(ndjson_read, unknown_fields_are_ignored)
{
    auto const got = read(
        "{\"type\":\"ack\",\"again\":true," + in_session +
        ",\"seq\":7,\"note\":{\"a\":[1,2.5,null,{\"b\":\"c\"}]},\"\":false}\n"
    );
    EXPECT_EQ(got.what, verdict::command);
    EXPECT_EQ(got.sequence, 7U);
}

// A backend that copies a record's fields into its answer.
TEST(ndjson_read, again_is_ignored)
{
    auto const got =
        read("{\"type\":\"data\"," + in_session + ",\"data\":\"b24=\",\"again\":true}\n");
    EXPECT_EQ(got.what, verdict::command);
    EXPECT_EQ(got.payload, "on"_bytes);
}

TEST(ndjson_read, error_records_are_ignored)
{
    EXPECT_EQ(read("{\"type\":\"error\",\"error\":\"what?\"}\n").what, verdict::ignored);
}

TEST(ndjson_read, blank_lines_are_ignored)
{
    for (auto const* line : {"\n", "\r\n", " \t \r\n", ""})
        EXPECT_EQ(read(line).what, verdict::ignored) << '"' << line << '"';
}

TEST(ndjson_read, the_last_of_duplicate_fields_counts)
{
    auto const got = read(
        R"({"type":"data","type":"ack","session":"ffffffffffffffff","session":"0100001122334455","seq":1,"seq":7})"
    );
    EXPECT_EQ(got.what, verdict::command);
    EXPECT_EQ(got.kind, command_kind::ack);
    EXPECT_EQ(got.session, seventh);
    EXPECT_EQ(got.sequence, 7U);
}

TEST(ndjson_read, a_session_that_is_none_is_refused)
{
    constexpr auto* why = "session is not 16 hexadecimal digits";
    for (auto const* session :
         {R"("")",
          R"("0")",
          R"("010000112233445")",
          R"("01000011223344556")",
          R"("010000112233445g")",
          R"("0x00001122334455")"})
        expect_refused(std::string{"{\"type\":\"close\",\"session\":"} + session + "}\n", why);
}

TEST(ndjson_read, a_bad_session_is_not_made_good_by_a_device)
{
    expect_refused(
        "{\"type\":\"close\",\"session\":\"?\",\"device\":\"02:00:00:00:00:01\"}\n",
        "session is not 16 hexadecimal digits"
    );
}

TEST(ndjson_read, a_record_without_an_address_is_refused)
{
    constexpr auto* why = "record names no session";
    expect_refused("{\"type\":\"data\",\"data\":\"\"}\n", why);
    expect_refused("{\"type\":\"close\"}\n", why);
    expect_refused("{\"type\":\"close\",\"device\":\"\"}\n", why);
    expect_refused("{\"type\":\"close\",\"session\":\"0000000000000000\"}\n", why);
    expect_refused("{\"type\":\"ack\",\"seq\":7}\n", why);
}

TEST(ndjson_read, an_ack_is_for_a_session)
{
    expect_refused(
        "{\"type\":\"ack\",\"device\":\"02:00:00:00:00:01\",\"seq\":7}\n", "record names no session"
    );
}

TEST(ndjson_read, an_ack_without_a_sequence_is_refused)
{
    expect_refused("{\"type\":\"ack\"," + in_session + "}\n", "ack has no seq");
    for (auto const* sequence : {"-1", "1.5", "\"7\"", "null", "true", "[7]", "{}", "1e30"})
        expect_refused(
            "{\"type\":\"ack\"," + in_session + ",\"seq\":" + sequence + "}\n",
            "\"seq\" must be a whole number from 0 on"
        );
    for (auto const* sequence :
         {"-1",
          "1.5",
          "\"7\"",
          "null",
          "true",
          "[7]",
          "1e30",
          "18446744073709551616",
          "18446744073709551617",
          "-0.5",
          "-9223372036854775809",
          "1e19999"}) {
        auto const got = read("{\"type\":\"ack\"," + in_session + ",\"seq\":" + sequence + "}\n");
        EXPECT_NE(got.what, verdict::command) << sequence << " was read as " << got.sequence;
    }
}

TEST(ndjson_read, a_sequence_is_exact_to_the_last)
{
    auto const got = read("{\"type\":\"ack\"," + in_session + ",\"seq\":18446744073709551615}\n");
    EXPECT_EQ(got.what, verdict::command);
    EXPECT_EQ(got.sequence, 18446744073709551615U);
}

TEST(ndjson_read, a_status_ends_a_conversation_with_a_payload_or_without)
{
    auto const alone = read("{\"type\":\"data\"," + in_session + ",\"status\":\"DONE\"}\n");
    EXPECT_EQ(alone.what, verdict::command);
    EXPECT_EQ(alone.kind, command_kind::data);
    EXPECT_EQ(alone.status, "DONE");
    EXPECT_TRUE(alone.payload.empty());
    auto const both =
        read("{\"type\":\"data\"," + in_session + ",\"text\":\"on\",\"status\":\"OK\"}\n");
    EXPECT_EQ(both.status, "OK");
    EXPECT_EQ(both.payload, "on"_bytes);
    expect_refused(
        "{\"type\":\"data\"," + in_session + ",\"status\":7}\n", "\"status\" must be text"
    );
}

TEST(ndjson_read, data_without_a_payload_is_refused)
{
    expect_refused("{\"type\":\"data\"," + in_session + "}\n", "data record needs data or text");
}

// Members that are there with a wrong type are not the same as members that are missing.
TEST(ndjson_read, a_member_of_a_wrong_type_is_named)
{
    std::string const device = R"("device":"02:00:00:00:00:01")";
    for (auto const* value : {"7", "null", "true", "[\"b24=\"]", "{\"a\":\"b24=\"}", "1.5"}) {
        auto const wrong = [&](std::string const& name) { return '"' + name + "\":" + value; };
        expect_refused("{" + wrong("type") + "," + in_session + "}\n", "\"type\" must be text");
        for (std::string const type : {"data", "ack", "close"}) {
            auto const begin = "{\"type\":\"" + type + "\",\"seq\":1,";
            expect_refused(begin + wrong("session") + "}\n", "\"session\" must be text");
            expect_refused(
                begin + wrong("session") + "," + device + "}\n", "\"session\" must be text"
            );
            expect_refused(begin + wrong("device") + "}\n", "\"device\" must be text");
            expect_refused(
                begin + wrong("device") + "," + in_session + "}\n", "\"device\" must be text"
            );
            expect_refused(begin + wrong("ref") + "," + in_session + "}\n", "\"ref\" must be text");
        }
        auto const data = "{\"type\":\"data\"," + in_session + ",";
        expect_refused(data + wrong("data") + "}\n", "\"data\" must be text");
        expect_refused(data + wrong("text") + "}\n", "\"text\" must be text");
        expect_refused(data + wrong("text") + ",\"data\":\"\"}\n", "\"text\" must be text");
    }
}

// They may be there for other records, or for later versions.
TEST(ndjson_read, members_of_other_records_are_ignored)
{
    EXPECT_EQ(
        read("{\"type\":\"ack\",\"data\":7,\"text\":[]," + in_session + ",\"seq\":7}\n").what,
        verdict::command
    );
    EXPECT_EQ(
        read("{\"type\":\"close\",\"seq\":\"7\"," + in_session + "}\n").what, verdict::command
    );
}

TEST(ndjson_read, a_ref_is_kept_for_the_answer)
{
    EXPECT_EQ(read("{\"type\":\"close\",\"ref\":\"r-1\"," + in_session + "}\n").ref, "r-1");
    EXPECT_EQ(read("{\"type\":\"dance\",\"ref\":\"r-1\"," + in_session + "}\n").ref, "r-1");
    EXPECT_EQ(read("{\"type\":7,\"ref\":\"r-1\"," + in_session + "}\n").ref, "r-1");
    std::string const longest(128, 'r');
    EXPECT_EQ(
        read("{\"type\":\"close\",\"ref\":\"" + longest + "\"," + in_session + "}\n").ref, longest
    );
}

TEST(ndjson_read, a_ref_of_a_wrong_length_is_refused)
{
    for (auto const& ref : {std::string{}, std::string(129, 'r')}) {
        auto const line = "{\"type\":\"close\",\"ref\":\"" + ref + "\"," + in_session + "}\n";
        expect_refused(line, "\"ref\" must have 1 to 128 bytes");
        EXPECT_EQ(read(line).ref, "");
    }
}

TEST(ndjson_read, a_text_too_long_for_any_device_is_not_sent_back)
{
    auto const line = "{\"type\":\"close\",\"device\":\"" + std::string(10'000, 'x') + "\"}\n";
    expect_refused(line, "unknown device");
    EXPECT_EQ(read(line).device, "");
}

TEST(ndjson_read, data_and_text_together_are_refused)
{
    expect_refused(
        "{\"type\":\"data\"," + in_session + ",\"data\":\"b24=\",\"text\":\"on\"}\n",
        "data record needs data or text"
    );
}

TEST(ndjson_read, bad_base64_is_refused)
{
    for (auto const* data :
         {"b",
          "b2",
          "b24",
          "b24==",
          "b2==4",
          "=b24",
          "b24=\\n",
          " b24=",
          "b2-_",
          "b24=b24=",
          "b25=b",
          "bz==",
          "====",
          "b24\\u0000"})
        expect_refused(
            "{\"type\":\"data\"," + in_session + ",\"data\":\"" + data + "\"}\n",
            "data is not base64"
        );
}

TEST(ndjson_read, a_refused_record_names_its_session)
{
    auto const got = read("{\"type\":\"data\"," + in_session + ",\"data\":\"?\"}\n");
    EXPECT_EQ(got.what, verdict::refused);
    EXPECT_EQ(got.session, seventh);
}

TEST(ndjson_read, a_refused_record_names_its_device)
{
    auto const got = read(R"({"type":"data","device":"02:00:00:00:00:01","data":"?"})");
    EXPECT_EQ(got.what, verdict::refused);
    EXPECT_EQ(got.device, "02:00:00:00:00:01");
}

TEST(ndjson_read, unknown_types_are_refused)
{
    for (auto const* type : {"open", "hello", "DATA", "data ", "subscribe"})
        expect_refused(
            std::string{"{\"type\":\""} + type + "\"," + in_session + "}\n", "unknown record type"
        );
}

TEST(ndjson_read, records_without_a_type_are_refused)
{
    expect_refused("{}\n", "record has no type");
    expect_refused("{\"type\":\"\"," + in_session + "}\n", "record has no type");
}

}  // namespace
}  // namespace gatehouse::test
