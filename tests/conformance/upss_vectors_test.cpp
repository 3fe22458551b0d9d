// What the original implementation of UPSS made, byte by byte (tests/vectors): packages, sealed
// fields, keys, and whole sessions of both releases.
#include "base/base64.h"
#include "crypto/rsa_oaep.h"
#include "protocol/upss/package_writer.h"
#include "protocol/upss/sealed_field.h"
#include "support/readable_error.h"
#include "support/upss_world.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

namespace gatehouse::test {
namespace {

namespace json = boost::json;
using upss::base64_reading;

json::object const& recorded()
{
    static json::object const all = [] {
        std::ifstream file{GATEHOUSE_SOURCE_DIR "/tests/vectors/upss.json"};
        std::string const text{std::istreambuf_iterator<char>{file}, {}};
        return json::parse(text).as_object();
    }();
    return all;
}

json::array const& group(char const* name)
{
    auto const& found = recorded().at(name).as_array();
    EXPECT_FALSE(found.empty()) << name;
    return found;
}

std::string text_at(json::value const& in, char const* name)
{
    return std::string{in.as_object().at(name).as_string()};
}

crypto::rsa_private_key key_of(std::int64_t bits)
{
    for (auto const& one : group("rsa_keys"))
        if (one.as_object().at("bits").as_int64() == bits)
            return std::move(
                *crypto::rsa_private_key::read(as_bytes(text_at(one, "private_pkcs8_pem")))
            );
    throw std::invalid_argument{"no such key"};
}

upss::field_key field_key_of(std::string text)
{
    return std::move(*upss::read_field_key(as_mutable_bytes(text), base64_reading::strict));
}

// Of each vector, as the gateway writes it: `data` has one member, which is a text, or it is not
// for the gateway to write.
TEST(upss_vectors, packages_are_written_as_the_reference_does)
{
    std::size_t written = 0;
    for (auto const& one : group("package_serialisation")) {
        auto const path = text_at(one, "path");
        auto const data = text_at(one, "data_json");
        auto const wire = text_at(one, "wire_utf8");
        auto const type =
            text_at(one, "type") == "SEND" ? upss::package_type::send : upss::package_type::status;
        boost::system::error_code failure;
        auto const value = json::parse(data, failure);
        auto const* object = failure ? nullptr : value.if_object();
        wire_buffer out;
        if (object != nullptr && object->size() == 1 && object->begin()->value().is_string()) {
            auto const& [name, text] = *object->begin();
            upss::write_package({path, type, name}, text.get_string(), out);
            EXPECT_EQ(text_of(out.all()), wire);
            ++written;
            continue;
        }
        auto const head = wire.substr(0, wire.find(", \"data\": "));
        upss::write_package({path, type, "x"}, "", out);
        EXPECT_EQ(text_of(out.all()).substr(0, head.size()), head);
    }
    EXPECT_EQ(written, 5U);
}

TEST(upss_vectors, packages_are_read_as_the_reference_does_but_for_two)
{
    // NaN is no JSON, and a route is a text.
    std::set<std::string> const stricter{"NaN accepted by the reference", "non-string path"};
    upss::package_reader reader{4096};
    std::size_t refused = 0;
    for (auto const& one : group("package_parsing")) {
        auto const name = text_at(one, "name");
        auto const input = text_at(one, "input");
        bool const is_good = one.as_object().at("ok").as_bool();
        auto const found = reader.read(as_bytes(input));
        if (stricter.contains(name)) {
            EXPECT_FALSE(found) << name;
            ++refused;
        } else if (is_good) {
            ASSERT_TRUE(found) << name;
            EXPECT_EQ(found->path, text_at(one, "path")) << name;
            EXPECT_EQ(found->type, text_at(one, "type")) << name;
        } else {
            EXPECT_FALSE(found) << name;
        }
    }
    EXPECT_EQ(refused, stricter.size());
}

TEST(upss_vectors, fields_are_sealed_as_the_reference_does)
{
    crypto::workbench tools;
    for (auto const& one : group("data_field")) {
        auto const text = text_at(one, "plaintext");
        auto const key = field_key_of(text_at(one, "key"));
        auto const iv = hex_bytes(text_at(one, "iv_hex"));
        upss::field_stamp stamp{one.as_object().at("time").to_number<std::uint64_t>(), {}};
        std::copy(iv.begin(), iv.end(), stamp.iv.begin());
        std::string made(upss::sealed_size(text.size()), '\0');
        upss::seal_field(tools, key, stamp, as_bytes(text), as_mutable_bytes(made));
        EXPECT_EQ(made, text_at(one, "wire"));
        for (auto const how : {base64_reading::strict, base64_reading::lenient}) {
            auto again = made;
            auto const opened = upss::open_field(tools, key, as_mutable_bytes(again), how);
            ASSERT_TRUE(opened);
            EXPECT_EQ(text_of(opened->text), text);
            EXPECT_EQ(opened->seconds, stamp.seconds);
            EXPECT_EQ(opened->iv, stamp.iv);
        }
    }
}

// The gateway passes bytes on, whatever they are: text is for who reads them.
TEST(upss_vectors, fields_are_opened_as_the_reference_does_or_strictly)
{
    std::set<std::string> const only_leniently{
        "whitespace inside outer base64",
        "junk characters inside outer base64",
        "whitespace inside inner base64",
        "inner standard alphabet"};
    std::string const not_text = "plaintext not UTF-8";
    crypto::workbench tools;
    std::size_t seen = 0;
    for (auto const& one : group("data_field_decryption")) {
        auto const name = text_at(one, "name");
        auto const key = field_key_of(text_at(one, "key"));
        bool const is_good = one.as_object().at("ok").as_bool() || name == not_text;
        auto leniently = text_at(one, "wire");
        auto strictly = leniently;
        auto const open = [&](std::string& field, base64_reading how) {
            return upss::open_field(tools, key, as_mutable_bytes(field), how);
        };
        auto const lenient = open(leniently, base64_reading::lenient);
        auto const strict = open(strictly, base64_reading::strict);
        EXPECT_EQ(lenient.has_value(), is_good) << name;
        EXPECT_EQ(strict.has_value(), is_good && !only_leniently.contains(name)) << name;
        if (lenient && name != not_text)
            EXPECT_EQ(text_of(lenient->text), text_at(one, "plaintext")) << name;
        seen += only_leniently.count(name);
    }
    EXPECT_EQ(seen, only_leniently.size());
}

TEST(upss_vectors, keys_say_their_public_half_as_the_reference_does)
{
    for (auto const& one : group("rsa_keys")) {
        auto const bits = one.as_object().at("bits").as_int64();
        auto const key = key_of(bits);
        EXPECT_EQ(key.size(), static_cast<std::size_t>(bits / 8));
        EXPECT_EQ(key.public_pem(), text_at(one, "public_spki_pem"));
    }
}

TEST(upss_vectors, blocks_are_opened)
{
    for (auto const& one : group("rsa_oaep_sha256")) {
        auto const key = key_of(one.as_object().at("bits").as_int64());
        auto text = text_at(one, "ciphertext_b64");
        auto const block = as_mutable_bytes(text);
        auto const size = from_base64(text, block);
        ASSERT_EQ(size, key.size());
        upss::session_key_text opened;
        auto const out = opened.expose_mutable();
        ASSERT_EQ(key.open(block.first(*size), out), out.size());
        EXPECT_EQ(as_text(out), text_at(one, "plaintext_ascii"));
        block[*size - 1] ^= 1;
        EXPECT_FALSE(key.open(block.first(*size), out)) << "another block";
        EXPECT_FALSE(key.open(block.first(*size - 1), out)) << "too short";
    }
}

// What the gateway says in a recorded session, where it is not told what to say by an application;
// what it seals is opened, since the reference draws its vectors otherwise.
class recorded_session {
public:
    explicit recorded_session(json::object const& from)
        : from_{from}
        , key_{key_of(from.at("rsa_bits").as_int64())}
    {
        world_.env.config.routes = {"/", "/reply", "/echo", "/none", "/boom"};
        world_.env.config.base64 = base64_reading::lenient;
        world_.keys.pair->public_pem = key_.public_pem();
        world_.keys.pair->block_size = key_.size();
    }

    upss_world& world() { return world_; }
    upss_conversation& talk() { return talk_; }

    // What the gateway answers to the device's package; the block of package 3 is opened.
    std::vector<std::string> say(std::string const& package)
    {
        auto said = talk_.send(package);
        if (!world_.keys.asked.empty()) {
            upss::session_key_text opened;
            auto const out = opened.expose_mutable();
            EXPECT_EQ(key_.open(world_.keys.asked.front().block, out), out.size());
            EXPECT_EQ(as_text(out), std::string_view{from_.at("fernet_key").as_string()});
            world_.keys.answer(as_text(out));
            for (auto& more : talk_.on_deadline())
                said.push_back(std::move(more));
        }
        return said;
    }

private:
    json::object const& from_;
    crypto::rsa_private_key key_;
    upss_world world_;
    upss_conversation talk_{world_};
};

bool is_sealed(std::string const& package)
{
    return package.find("\"data\": {\"msg\": \"Z0FBQUFB") != std::string::npos;
}

// The answer that the application of the reference gave, given by the backend.
std::vector<std::string> answer_of(upss_conversation& talk, json::value const& line)
{
    if (auto const* text = line.as_object().if_contains("plaintext"))
        return talk.reply(text->get_string());
    auto const package = json::parse(text_at(line, "utf8"));
    auto const& status = package.as_object().at("data").as_object().at("status");
    return talk.reply_last("", status.is_string() ? status.get_string() : "null");
}

TEST(upss_vectors, sessions_go_as_with_the_reference)
{
    std::string const no_word = "handler returns nothing";  // null, which no backend says
    std::size_t compared = 0;
    std::size_t messages = 0;
    for (auto const& one : group("sessions")) {
        auto const& from = one.as_object();
        recorded_session session{from};
        auto& talk = session.talk();
        auto const name = text_at(one, "name");
        std::vector<std::string> due;
        for (auto const& line : from.at("messages").as_array()) {
            auto const text = text_at(line, "utf8");
            if (text_at(line, "from") == "client") {
                for (auto& said : session.say(text))
                    due.push_back(std::move(said));
                continue;
            }
            if (due.empty())
                due = answer_of(talk, line);
            ASSERT_EQ(due.size(), 1U) << name << " has to say " << text;
            if (is_sealed(text))
                EXPECT_TRUE(is_sealed(due.front()) && due.front().size() == text.size()) << text;
            else if (name != no_word || text.find("null") == std::string::npos)
                EXPECT_EQ(due.front(), text) << name;
            due.clear();
            ++compared;
        }
        EXPECT_FALSE(talk.failed) << name;
        messages += talk.up.size();
    }
    EXPECT_EQ(compared, 49U);
    EXPECT_EQ(messages, 10U);
}

}  // namespace
}  // namespace gatehouse::test
