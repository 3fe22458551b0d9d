// What the original implementations of Array-Crypto made, byte by byte (tests/vectors): keys,
// messages, signatures, and the gateway's answers beside those of the reference.
#include "crypto/blake2.h"
#include "crypto/chacha20.h"
#include "protocol/array_crypto/handshake_body.h"
#include "protocol/array_crypto/odd_byte.h"
#include "protocol/array_crypto/snapshot.h"
#include "protocol/array_crypto/v1_message.h"
#include "protocol/array_crypto/v2_message.h"
#include "support/array_crypto_world.h"
#include "support/readable_error.h"
#include "wire/writer.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <set>

namespace gatehouse::test {
namespace {

namespace ac = array_crypto;
namespace json = boost::json;

json::object const& recorded()
{
    static json::object const all = [] {
        std::ifstream file{GATEHOUSE_SOURCE_DIR "/tests/vectors/array-crypto.json"};
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

byte_string hex_at(json::value const& in, char const* name)
{
    return hex_bytes(text_at(in, name));
}

std::uint64_t number_at(json::value const& in, char const* name)
{
    return in.as_object().at(name).to_number<std::uint64_t>();
}

ac::pair pair_at(json::value const& in)
{
    return {number_at(in, "seed"), number_at(in, "tick")};
}

template <class Array>
Array array_of(bytes data)
{
    Array made{};
    EXPECT_EQ(data.size(), made.size());
    std::copy_n(data.begin(), made.size(), made.begin());
    return made;
}

ac::snapshot snapshot_at(json::value const& in)
{
    return {pair_at(in), wall_time{std::chrono::seconds{number_at(in, "timestamp")}}};
}

std::string sign(json::value const& in)
{
    crypto::hmac_sha256 hmac;
    auto const made = ac::sign(hmac, hex_at(in, "secret_hex"), snapshot_at(in));
    return {made.begin(), made.end()};
}

TEST(array_crypto_vectors, signatures_of_snapshots)
{
    for (auto const& one : group("snapshot_signature"))
        EXPECT_EQ(sign(one), text_at(one, "signature"));
}

TEST(array_crypto_vectors, texts_of_snapshots)
{
    for (auto const& one : group("snapshot_json")) {
        crypto::hmac_sha256 hmac;
        auto const told = snapshot_at(one);
        auto const signed_as = ac::sign(hmac, hex_at(one, "secret_hex"), told);
        EXPECT_EQ(ac::write(told, signed_as).view(), text_at(one, "body"));
    }
}

TEST(array_crypto_vectors, handshakes_of_stock_clients_are_good)
{
    for (auto const& one : group("handshake")) {
        auto const by = *ac::profile_of(text_at(one, "profile"));
        byte_string hash(ac::hash_size(by));
        auto const hashed = text_at(one, "hashed_ascii");
        if (by == ac::profile::v1)
            crypto::blake2s(hash, {as_bytes(hashed)});
        else
            crypto::blake2b(hash, {}, {as_bytes(hashed)});
        EXPECT_EQ(to_hex(hash), text_at(one, "hash"));
        auto const body = text_at(one, "request_body");
        EXPECT_EQ(ac::judge_handshake(by, as_bytes(body)), ac::handshake_verdict::good);
    }
}

TEST(array_crypto_vectors, inverses_of_all_odd_bytes)
{
    auto const& all = recorded().at("mod256_inverse").as_object();
    EXPECT_EQ(all.size(), 128);
    for (auto const& [odd, inverse] : all) {
        auto const byte = static_cast<std::uint8_t>(std::stoi(std::string{odd}));
        EXPECT_EQ(ac::inverse_of(byte), inverse.to_number<unsigned>()) << odd;
    }
}

TEST(array_crypto_vectors, v1_keys)
{
    for (auto const& one : group("v1_key")) {
        auto const key = ac::v1::derive_key(number_at(one, "seed"), hex_at(one, "salt_hex"));
        EXPECT_EQ(to_hex(key), text_at(one, "key_hex"));
    }
}

TEST(array_crypto_vectors, v1_messages_both_ways)
{
    for (auto const& one : group("v1_message")) {
        auto const salt = ac::v1::make_salt(number_at(one, "now"), hex_at(one, "random8_hex"));
        EXPECT_EQ(to_hex(salt), text_at(one, "salt_hex"));
        EXPECT_EQ(ac::v1::seconds_of(salt), number_at(one, "now"));
        auto const text = hex_at(one, "plaintext_hex");
        byte_string wire(ac::v1::header_size + text.size());
        ac::v1::seal(number_at(one, "seed"), salt, text, wire);
        EXPECT_EQ(to_hex(wire), text_at(one, "wire_hex"));
        auto const opened = ac::v1::open(number_at(one, "seed"), wire);
        ASSERT_TRUE(opened);
        EXPECT_EQ(to_hex(opened->text), to_hex(text));
    }
}

// Garbage under a wrong seed, and what an attacker changed, are accepted: nothing in v1 could tell.
TEST(array_crypto_vectors, v1_messages_are_opened_as_the_reference_does)
{
    for (auto const& one : group("v1_decrypt")) {
        auto wire = hex_at(one, "wire_hex");
        auto const opened = ac::v1::open(number_at(one, "seed"), wire);
        ASSERT_EQ(opened.has_value(), one.at("ok").as_bool()) << text_at(one, "name");
        if (opened)
            EXPECT_EQ(to_hex(opened->text), text_at(one, "plaintext_hex"));
    }
}

TEST(array_crypto_vectors, messages_of_the_prototypes)
{
    for (auto const& one : group("prototype_messages")) {
        auto wire = hex_at(one, "wire_hex");
        auto const opened = ac::v1::open(number_at(one, "seed"), wire);
        if (text_at(one, "profile") == "poc0")
            EXPECT_FALSE(opened);  // it has no hash
        else if (opened)
            EXPECT_EQ(text_of(opened->text), text_at(one, "plaintext_utf8"));
        else
            ADD_FAILURE() << opened.error();
    }
}

TEST(array_crypto_vectors, chacha20_counts_in_64_bits)
{
    crypto::chacha20 cipher;
    for (auto const& one : group("chacha20_16byte_nonce")) {
        auto const wanted = hex_at(one, "keystream_hex");
        byte_string stream(wanted.size());
        auto const key = hex_at(one, "key_hex");
        auto const start = hex_at(one, "nonce16_hex");
        cipher.keystream(bytes{key}.first<32>(), bytes{start}.first<16>(), stream);
        EXPECT_EQ(to_hex(stream), to_hex(wanted));
    }
}

TEST(array_crypto_vectors, v2_keys_of_all_array_sizes)
{
    ac::v2::tools tools;
    std::set<std::size_t> sizes;
    for (auto const& one : group("v2_key")) {
        auto const wanted = hex_at(one, "key_hex");
        byte_string key(wanted.size());
        sizes.insert(key.size());
        ac::v2::derive_key(tools, pair_at(one), hex_at(one, "salt_hex"), key);
        EXPECT_EQ(to_hex(key), to_hex(wanted));
    }
    EXPECT_EQ(sizes, (std::set<std::size_t>{64, 128, 192, 256, 320, 512, 576}));
}

TEST(array_crypto_vectors, v2_keys_step_by_step)
{
    auto const& one = recorded().at("v2_key_intermediate");
    auto const salt = hex_at(one, "salt_hex");
    byte_string numbers(16);
    wire::writer{numbers}.little(number_at(one, "seed")).little(number_at(one, "tick"));
    byte_string entropy(32);
    crypto::blake2b(entropy, {}, {numbers, salt});
    EXPECT_EQ(to_hex(entropy), text_at(one, "entropy_hex"));
    byte_string start(16);
    crypto::blake2b(start, {}, {salt});
    EXPECT_EQ(to_hex(start), text_at(one, "nonce16_hex"));
    byte_string stream(256);
    crypto::chacha20{}.keystream(bytes{entropy}.first<32>(), bytes{start}.first<16>(), stream);
    EXPECT_EQ(to_hex(stream), text_at(one, "keystream256_hex"));
}

TEST(array_crypto_vectors, v2_hashes_of_all_lengths)
{
    for (auto const& one : group("v2_hash")) {
        byte_string hash(number_at(one, "size"));
        ac::v2::hash_rounds(hex_at(one, "data_hex"), {}, hash);
        EXPECT_EQ(to_hex(hash), text_at(one, "hash_hex"));
    }
}

TEST(array_crypto_vectors, v2_messages_both_ways)
{
    ac::v2::tools tools;
    for (auto const& one : group("v2_message")) {
        byte_string now(8);
        wire::writer{now}.little(number_at(one, "now_ms"));
        byte_string drawn(32);
        auto const random = hex_at(one, "random32_hex");
        crypto::blake2b(drawn, {}, {now, random, hex_at(one, "random16_hex")});
        EXPECT_EQ(to_hex(drawn), text_at(one, "salt_hex"));
        auto const salt = array_of<ac::v2::message_salt>(drawn);
        auto const text = hex_at(one, "plaintext_hex");
        byte_string wire(ac::v2::header_size + text.size());
        ac::v2::seal(tools, pair_at(one), salt, text, wire);
        EXPECT_EQ(to_hex(wire), text_at(one, "wire_hex"));
        ASSERT_TRUE(ac::v2::is_of(pair_at(one).tick, wire));
        EXPECT_EQ(to_hex(ac::v2::open(tools, pair_at(one), wire).text), to_hex(text));
    }
}

TEST(array_crypto_vectors, v2_messages_of_other_array_sizes)
{
    ac::v2::tools tools;
    for (auto const& one : group("v2_message_array_sizes")) {
        auto wire = hex_at(one, "wire_hex");
        EXPECT_TRUE(ac::v2::is_of(number_at(one, "tick"), wire));
        byte_string key(number_at(one, "array_size"));
        ac::v2::derive_key(
            tools, pair_at(one), bytes{wire}.subspan(ac::v2::hash_size, ac::v2::salt_size), key
        );
        ac::invert(key);
        auto const text = mutable_bytes{wire}.subspan(ac::v2::header_size);
        ac::multiply(text, key);
        EXPECT_EQ(to_hex(text), text_at(one, "plaintext_hex"));
    }
}

// A hash_size but 32 makes the reference return garbage; here such a message has a wrong hash.
TEST(array_crypto_vectors, v2_messages_are_opened_as_the_reference_does)
{
    ac::v2::tools tools;
    for (auto const& one : group("v2_decrypt")) {
        auto wire = hex_at(one, "wire_hex");
        bool const is_whole = wire.size() >= ac::v2::header_size;
        bool const is_usual = one.at("config").as_object().empty();
        bool const is_taken = is_whole && ac::v2::is_of(number_at(one, "tick"), wire);
        EXPECT_EQ(is_taken, is_usual && one.at("ok").as_bool()) << text_at(one, "name");
        if (is_taken)
            EXPECT_EQ(
                to_hex(ac::v2::open(tools, pair_at(one), wire).text), text_at(one, "plaintext_hex")
            );
    }
}

// The device's clock is that of its messages, and may differ as much as the client's own check of
// snapshots admits.
TEST(array_crypto_vectors, v1_messages_may_be_as_old_as_snapshots)
{
    std::size_t judged = 0;
    for (auto const& one : group("drift")) {
        if (number_at(one, "max_drift") != 60)
            continue;
        ++judged;
        array_crypto_world world;
        http_conversation talk{world};
        auto const seed = pair_of(talk.get("/dev/sensor-1/snapshot")).seed;
        auto const message = sealed_v1(world, seed, "hello");
        world.env.wall_now +=
            std::chrono::seconds{one.at("now_minus_timestamp").to_number<std::int64_t>()};
        talk.post("/dev/sensor-1/message", message);
        EXPECT_EQ(talk.up.size() == 1, one.at("accepted").as_bool());
    }
    EXPECT_GT(judged, 4);
}

// Both profiles; the prefix of the device in front of the path.
class array_crypto_http : public testing::TestWithParam<char const*> {
protected:
    json::array const& cases() const
    {
        return recorded().at("http").as_object().at(GetParam()).as_array();
    }

    static http_answer_text ask(json::value const& one)
    {
        array_crypto_world_setup setup;
        setup.devices = {{usual_v1_device, *ac::profile_of(GetParam()), ""}};
        array_crypto_world world{setup};
        http_conversation talk{world};
        return talk.ask(text_at(one, "request"));
    }
};
INSTANTIATE_TEST_SUITE_P(
    profile,
    array_crypto_http,
    testing::Values("v1", "v2"),
    [](auto const& instance) { return std::string{instance.param}; }
);

// What the gateway answers otherwise than the reference, on purpose: strict about the hash and its
// type, no guessing at paths, no pages for browsers.
std::map<std::string, int> const other_answers{
    {"v1 handshake 32 non-hex", 400},
    {"v1 handshake 32-digit number", 422},
    {"v1 handshake number", 422},
    {"v2 handshake number", 422},
    {"v2 handshake 32-digit number", 422},
    {"v2 handshake 64 = 32 hex + 32 spaces", 400},
    {"v1 slash", 404},
    {"v2 slash", 404},
    {"v1 cors preflight", 405},
    {"v2 cors preflight", 405},
    {"v1 openapi", 404},
    {"v2 openapi", 404},
};

TEST_P(array_crypto_http, answers_have_the_status_of_the_reference)
{
    for (auto const& one : cases()) {
        auto const name = std::string{GetParam()} + " " + text_at(one, "case");
        auto const reference = std::stoi(text_at(one, "response").substr(9, 3));
        auto const other = other_answers.find(name);
        EXPECT_EQ(ask(one).status, other == other_answers.end() ? reference : other->second)
            << name;
    }
}

TEST_P(array_crypto_http, refusals_and_handshakes_have_its_very_text)
{
    std::size_t compared = 0;
    for (auto const& one : cases()) {
        auto const name = std::string{GetParam()} + " " + text_at(one, "case");
        auto const response = text_at(one, "response");
        auto const body = response.substr(response.find("\r\n\r\n") + 4);
        bool const is_of_a_framework = body.find("\"loc\"") != std::string::npos;
        if (other_answers.contains(name) || is_of_a_framework ||
            body.find("timestamp") != body.npos)
            continue;
        auto const answer = ask(one);
        EXPECT_EQ(answer.body, body) << name;
        auto const allow = response.find("allow: ");
        if (answer.status == 405 && allow != response.npos)
            EXPECT_NE(
                answer.head.find(response.substr(allow, response.find("\r\n", allow) - allow)),
                std::string::npos
            );
        ++compared;
    }
    EXPECT_GE(compared, 7);
}

TEST_P(array_crypto_http, nothing_is_said_to_browsers)
{
    for (auto const& one : cases()) {
        auto const head = ask(one).head;
        EXPECT_EQ(head.find("access-control"), std::string::npos);
        EXPECT_EQ(head.find("server:"), std::string::npos);
    }
}

TEST(array_crypto_vectors, requests_of_the_stock_client)
{
    auto const& requests = recorded().at("aiohttp_requests");
    array_crypto_world_setup setup;
    setup.devices = {{usual_v1_device, ac::profile::v1, ""}};
    array_crypto_world world{setup};
    http_conversation talk{world};
    EXPECT_EQ(talk.ask(text_at(requests, "handshake")).body, R"({"status":"ok"})");
    EXPECT_EQ(talk.ask(text_at(requests, "snapshot")).status, 200);
    EXPECT_FALSE(talk.live->ended());
}

}  // namespace
}  // namespace gatehouse::test
