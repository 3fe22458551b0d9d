// The device's end of UPSS: in the recorded sessions, with the gateway's end, and with gateways
// that it must not believe.
#include "base/base64.h"
#include "crypto/rsa_oaep.h"
#include "crypto/rsa_public_key.h"
#include "device/upss_device.h"
#include "support/readable_error.h"
#include "support/upss_world.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

namespace gatehouse::test {
namespace {

namespace json = boost::json;
using device::upss_release;

json::array recorded_sessions()
{
    std::ifstream file{GATEHOUSE_SOURCE_DIR "/tests/vectors/upss.json"};
    std::string const text{std::istreambuf_iterator<char>{file}, {}};
    return json::parse(text).at("sessions").as_array();
}

std::string text_at(json::value const& in, char const* name)
{
    return std::string{in.at(name).as_string()};
}

struct device_parts {
    explicit device_parts(byte_string draws = {}) : random{std::move(draws)} {}

    crypto::workbench crypto;
    scripted_random random;
    upss::package_reader packages{std::size_t{64} << 10};
    device::upss_environment env{
        crypto, random, packages, wall_time{std::chrono::seconds{1'700'000'000}}};
    device::upss_settings settings;
    output out;
    std::vector<std::string> up;

    // The device's packages, in order.
    std::vector<std::string> said()
    {
        std::vector<std::string> made;
        for (std::size_t i = 0; i < out.wire.frames(); ++i)
            made.push_back(text_of(out.wire.frame_at(i)));
        out.clear();
        return made;
    }
    result<std::size_t> feed(device::upss_device& one, std::string_view text)
    {
        auto data = text_bytes(text);
        auto const taken = one.receive({}, data, out);
        for (auto const message : out.up)
            up.push_back(text_of(message));
        out.up.clear();
        return taken;
    }
};

// What a device draws that has this key.
byte_string draws_of_key(std::string text)
{
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
    byte_string made(33);
    made.resize(from_base64(text, made).value());
    return made;
}

// And behind it the vector of each field that it seals.
byte_string draws_of(json::value const& session)
{
    auto made = draws_of_key(text_at(session, "fernet_key"));
    for (auto const& line : session.at("messages").as_array())
        if (text_at(line, "from") == "client" && line.as_object().contains("fernet_iv_hex"))
            append(made, hex_bytes(text_at(line, "fernet_iv_hex")));
    return made;
}

// One recorded session; the number of packages that were compared.
std::size_t expect_device_says(json::value const& session)
{
    device_parts parts{draws_of(session)};
    auto const& lines = session.at("messages").as_array();
    auto const first = json::parse(text_at(lines[0], "utf8"));
    parts.settings.path = text_at(first, "path");
    bool const is_first = text_at(json::parse(text_at(lines[7], "utf8")), "type") == "STATUS";
    parts.settings.release = is_first ? upss_release::v0_0_1 : upss_release::v0_0_2;
    device::upss_device device{parts.env, parts.settings};
    device.start(parts.out);
    auto due = parts.said();
    std::size_t compared = 0;
    for (auto const& line : lines) {
        auto const text = text_at(line, "utf8");
        if (text_at(line, "from") == "server") {
            EXPECT_TRUE(parts.feed(device, text)) << text;
            due = parts.said();
            if (device.established() && line.as_object().contains("plaintext"))
                EXPECT_EQ(parts.up.back(), text_at(line, "plaintext"));
            continue;
        }
        auto const* message = line.as_object().if_contains("plaintext");
        if (message != nullptr) {
            EXPECT_TRUE(device.send(as_bytes(message->get_string()), parts.out));
            due = parts.said();
        }
        if (due.empty())
            continue;  // of an application that does not seal
        bool const is_key = text.find("\"data\": {\"key\"") != std::string::npos;
        bool const is_other = text.find("\"ANY\"") != std::string::npos;
        if (is_key)
            EXPECT_EQ(due.front().size(), text.size());
        else if (!is_other)
            EXPECT_EQ(due.front(), text);
        due.erase(due.begin());
        ++compared;
    }
    EXPECT_TRUE(device.dismissed() || is_first);
    return compared;
}

TEST(upss_device_side, says_what_the_recorded_clients_said)
{
    std::size_t compared = 0;
    for (auto const& session : recorded_sessions()) {
        SCOPED_TRACE(text_at(session, "name"));
        compared += expect_device_says(session);
    }
    EXPECT_EQ(compared, 61U) << "12 sessions of 5 packages, two more of a conversation, one not";
}

// Both ends, and a key of the gateway that both know how to use.
class upss_both : public testing::Test {
protected:
    upss_both()
    {
        world.keys.pair->public_pem = gateway_key().public_pem();
        world.keys.pair->block_size = gateway_key().size();
    }

    static crypto::rsa_private_key const& gateway_key()
    {
        static auto const made = std::move(*crypto::rsa_private_key::generate(2048));
        return made;
    }

    // What either end says goes to the other until both are silent.
    void exchange(device::upss_device& device, upss_conversation& with)
    {
        for (auto said = parts.said(); !said.empty(); said = parts.said()) {
            std::vector<std::string> answers;
            for (auto const& each : said)
                for (auto& answer : with.send(each))
                    answers.push_back(std::move(answer));
            for (auto& answer : open_key(with))
                answers.push_back(std::move(answer));
            for (auto const& each : answers)
                ASSERT_TRUE(parts.feed(device, each)) << each;
        }
    }
    void shake_hands(device::upss_device& device) { shake_hands(device, talk); }
    void shake_hands(device::upss_device& device, upss_conversation& with)
    {
        device.start(parts.out);
        exchange(device, with);
        ASSERT_TRUE(device.established());
    }
    void say(device::upss_device& device, std::string_view text)
    {
        ASSERT_TRUE(device.send(as_bytes(text), parts.out));
        exchange(device, talk);
    }
    result<std::size_t> hear(device::upss_device& device, std::vector<std::string> const& said)
    {
        return parts.feed(device, said.empty() ? std::string{} : said.front());
    }

    upss_world world;
    upss_conversation talk{world};
    device_parts parts{draws_of_key(usual_session_key)};

private:
    std::vector<std::string> open_key(upss_conversation& with)
    {
        if (world.keys.asked.empty())
            return {};
        std::array<std::uint8_t, upss::session_key_size> text{};
        EXPECT_EQ(gateway_key().open(world.keys.asked.front().block, text), text.size());
        world.keys.answer(as_text(text));
        return with.on_deadline();
    }
};

TEST_F(upss_both, talk_by_turns)
{
    device::upss_device device{parts.env, parts.settings};
    shake_hands(device);
    for (std::string const text : {"one", "two", ""}) {
        EXPECT_FALSE(device.busy());
        say(device, text);
        EXPECT_TRUE(device.busy());
        ASSERT_FALSE(talk.up.empty());
        EXPECT_EQ(text_of(talk.up.back()), text);
        ASSERT_TRUE(hear(device, talk.reply("re " + text)));
        EXPECT_EQ(parts.up.back(), "re " + text);
    }
    say(device, "the last");
    ASSERT_TRUE(hear(device, talk.reply_last("", "BYE")));
    EXPECT_TRUE(device.dismissed());
    EXPECT_EQ(device.status(), "BYE");
    EXPECT_EQ(device.awaits(), "nothing");
    EXPECT_EQ(device.send(text_bytes("x"), parts.out).error(), error::internal_closed);
}

TEST_F(upss_both, a_device_of_0_0_1_says_one_message)
{
    parts.settings.release = upss_release::v0_0_1;
    device::upss_device device{parts.env, parts.settings};
    shake_hands(device);
    say(device, "old style");
    EXPECT_EQ(talk.live->facts().generation, "0.0.1");
    ASSERT_TRUE(hear(device, talk.reply("old answer")));
    EXPECT_EQ(parts.up.back(), "old answer");
    EXPECT_TRUE(talk.live->says_no_more());
    EXPECT_EQ(device.send(text_bytes("more"), parts.out).error(), error::internal_closed);
}

TEST_F(upss_both, packages_may_come_byte_by_byte_or_together)
{
    device::upss_device device{parts.env, parts.settings};
    shake_hands(device);
    say(device, "hello");
    std::string waiting;
    for (char const each : talk.reply("first").front() + " \n") {
        waiting += each;
        auto const taken = parts.feed(device, waiting);
        ASSERT_TRUE(taken);
        waiting.erase(0, *taken);
    }
    EXPECT_EQ(parts.up, std::vector<std::string>{"first"});
    say(device, "again");
    auto const both = talk.reply("second").front() + upss_package("/", "STATUS", "status", "OK");
    EXPECT_EQ(parts.feed(device, both), both.size());
    EXPECT_EQ(parts.up, (std::vector<std::string>{"first", "second"}));
    EXPECT_TRUE(device.dismissed());
}

TEST_F(upss_both, a_gateway_with_another_key_is_found_out)
{
    // As after an attack on package 3: the gateway has a key that the device did not draw.
    device::upss_device device{parts.env, parts.settings};
    device.start(parts.out);
    ASSERT_TRUE(hear(device, talk.send(parts.said().front())));
    talk.send(parts.said().front());
    world.keys.answer("1OfZy3EMXC5MeJj-CyFO_yArrc-C04FWitemzZNKRR4=");
    EXPECT_EQ(hear(device, talk.on_deadline()).error(), error::unproven_frame);
}

TEST_F(upss_both, what_comes_out_of_turn_is_refused)
{
    auto const refusal = [&](std::string_view said, bool after_handshake) {
        upss_conversation fresh{world};
        device::upss_device device{parts.env, parts.settings};
        if (after_handshake)
            shake_hands(device, fresh);
        else
            device.start(parts.out);
        parts.out.clear();
        auto const taken = parts.feed(device, said);
        return taken ? error{} : taken.error();
    };
    auto const wrong_type = upss_package("/", "STATUS", "public_key", "x");
    EXPECT_EQ(refusal(wrong_type, false), error::malformed_type);
    EXPECT_EQ(
        refusal(upss_package("/", "SEND", "public_key", "x"), false), error::malformed_public_key
    );
    EXPECT_EQ(refusal(upss_package("/", "SEND", "msg", "x"), false), error::malformed_public_key);
    EXPECT_EQ(refusal("HTTP/1.1 400", false), error::malformed_magic);
    EXPECT_EQ(refusal("{" + std::string(5000, ' '), false), error::malformed_oversize);
    EXPECT_EQ(refusal(upss_package("/", "SEND", "other", "x"), true), error::malformed_type);
    EXPECT_EQ(refusal(upss_package("/", "SEND", "msg", "x"), true), error::malformed_record);
    EXPECT_EQ(refusal("{" + std::string(70000, ' '), true), error::malformed_oversize);
}

TEST_F(upss_both, leaves_when_it_has_its_answer)
{
    device::upss_device device{parts.env, parts.settings};
    shake_hands(device);
    say(device, "one");
    ASSERT_TRUE(device.bye(parts.out));
    EXPECT_FALSE(device.established());
    EXPECT_TRUE(device.busy());
    ASSERT_TRUE(hear(device, talk.reply("re one")));
    EXPECT_EQ(parts.up, std::vector<std::string>{"re one"});
    EXPECT_FALSE(device.busy());
    ASSERT_TRUE(parts.feed(device, "whatever comes"));
    EXPECT_EQ(parts.up.size(), 1U);
}

TEST_F(upss_both, its_own_message_is_no_answer)
{
    device::upss_device device{parts.env, parts.settings};
    shake_hands(device);
    ASSERT_TRUE(device.send(text_bytes("open the valve"), parts.out));
    EXPECT_EQ(parts.feed(device, parts.said().front()).error(), error::unproven_reflection);
}

TEST_F(upss_both, says_nothing_without_a_session)
{
    device::upss_device device{parts.env, parts.settings};
    EXPECT_EQ(device.send(text_bytes("x"), parts.out).error(), error::internal_closed);
    EXPECT_EQ(device.bye(parts.out).error(), error::internal_closed);
    shake_hands(device);
    EXPECT_EQ(device.ping(parts.out).error(), error::malformed_type) << "there is no such thing";
    EXPECT_EQ(device.rekey(parts.out).error(), error::malformed_type);
    auto const longest = byte_string(parts.settings.message_limit, 'x');
    ASSERT_TRUE(device.send(longest, parts.out));
    EXPECT_EQ(
        device.send(byte_string(longest.size() + 1, 'x'), parts.out).error(),
        error::limit_message_size
    );
    parts.said();
    ASSERT_TRUE(device.bye(parts.out));
    EXPECT_EQ(device.send(text_bytes("x"), parts.out).error(), error::internal_closed);
    EXPECT_TRUE(parts.out.wire.empty()) << "goodbye is silence";
}

TEST(rsa_public_key, seals_what_its_private_half_opens)
{
    auto const own = crypto::rsa_private_key::generate(2048);
    ASSERT_TRUE(own);
    auto const key = crypto::rsa_public_key::read(as_bytes(own->public_pem()));
    ASSERT_TRUE(key);
    for (std::size_t const size : {0U, 1U, 44U, 190U}) {
        byte_string block(key->size());
        ASSERT_TRUE(key->seal(pattern_bytes(size), block));
        byte_string opened(256);
        opened.resize(own->open(block, opened).value());
        EXPECT_EQ(opened, pattern_bytes(size));
    }
    EXPECT_FALSE(crypto::rsa_public_key::read({}));
    EXPECT_FALSE(crypto::rsa_public_key::read(
        as_bytes("-----BEGIN PUBLIC KEY-----\n"
                 "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
                 "-----END PUBLIC KEY-----\n")
    )) << "Ed25519";
}

}  // namespace
}  // namespace gatehouse::test
