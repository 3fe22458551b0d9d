// The device's end of Array-Crypto: with the gateway's end, and with gateways that it must not
// believe.
#include "device/array_crypto_device.h"
#include "support/array_crypto_world.h"
#include "support/readable_error.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>

namespace gatehouse::test {
namespace {

using array_crypto::profile;

constexpr std::string_view taken = "HTTP/1.1 204 No Content\r\n\r\n";

std::string ok(std::string_view body)
{
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           std::string{body};
}

class ArrayCryptoDevice : public testing::TestWithParam<profile> {
protected:
    ArrayCryptoDevice() { use(GetParam()); }

    void use(profile how)
    {
        auto const* name = how == profile::v1 ? usual_v1_device : usual_v2_device;
        settings.how = how;
        settings.secret = world.device(name).secret.expose();
        settings.prefix = "/dev/" + std::string{name};
    }

    // What the device says goes to the gateway, and the answers back, until nobody says more.
    result<> talk(device::array_crypto_device& one)
    {
        while (!out.wire.empty()) {
            byte_string const said{out.wire.all().begin(), out.wire.all().end()};
            out.clear();
            output answers;
            byte_string in = said;
            if (auto const fine = gateway.live->receive(world.now, in, answers); !fine)
                return fine.error();
            for (auto const message : answers.up)
                up.push_back(text_of(message));
            if (auto const fine = feed(one, text_of(answers.wire.all())); !fine)
                return fine;
        }
        return {};
    }

    // As if the gateway had said so.
    result<> feed(device::array_crypto_device& one, std::string_view text)
    {
        data = text_bytes(text);
        auto const used = one.receive({}, data, out);
        for (auto const message : out.up)
            heard.push_back(text_of(message));
        out.up.clear();
        return used ? result<>{} : used.error();
    }

    // The backend's answer.
    result<> reply(device::array_crypto_device& one, std::string_view text)
    {
        output answers;
        auto const message = text_bytes(text);
        if (auto const sent = gateway.live->send(world.now, message, answers); !sent)
            return sent.error();
        if (auto const fine = feed(one, text_of(answers.wire.all())); !fine)
            return fine;
        return talk(one);
    }

    std::string said() const { return text_of(out.wire.all()); }

    array_crypto_world world;
    http_conversation gateway{world};
    crypto::workbench crypto;
    scripted_random random{{}, 7};
    array_crypto::v2::tools messages;
    device::array_crypto_environment env{crypto, random, messages, world.env.wall_now};
    device::array_crypto_settings settings{.host = "gateway:8000"};
    output out;
    byte_string data;
    std::vector<std::string> up;
    std::vector<std::string> heard;
};

TEST_P(ArrayCryptoDevice, TalksWithTheGateway)
{
    device::array_crypto_device one{env, settings};
    one.start(out);
    EXPECT_EQ(one.send(text_bytes("too soon"), out).error(), error::internal_closed);
    ASSERT_TRUE(talk(one));
    ASSERT_TRUE(one.established());
    for (std::string const text : {"first", "", "third"}) {
        ASSERT_TRUE(one.send(text_bytes(text), out));
        ASSERT_TRUE(talk(one));
        EXPECT_EQ(up.back(), text);
        EXPECT_TRUE(one.busy()) << "the backend has not answered";
        ASSERT_TRUE(reply(one, "to " + text));
        EXPECT_EQ(heard.back(), "to " + text);
        EXPECT_FALSE(one.busy());
    }
    ASSERT_TRUE(one.ping(out));
    ASSERT_TRUE(talk(one));
    EXPECT_EQ(one.pongs(), 1U);
}

TEST_P(ArrayCryptoDevice, GoesOnWithoutAnAnswer)
{
    device::array_crypto_device one{env, settings};
    one.start(out);
    ASSERT_TRUE(talk(one));
    ASSERT_TRUE(one.send(text_bytes("x"), out));
    ASSERT_TRUE(talk(one));
    ASSERT_TRUE(feed(one, taken));
    EXPECT_FALSE(one.busy());
    EXPECT_TRUE(heard.empty());
    EXPECT_TRUE(one.established());
}

TEST_P(ArrayCryptoDevice, TakesAnswersInPieces)
{
    device::array_crypto_device one{env, settings};
    one.start(out);
    auto const whole = ok(R"({"status":"ok"})");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        auto part = text_bytes(std::string_view{whole}.substr(0, size));
        auto const used = one.receive({}, part, out);
        ASSERT_TRUE(used) << size;
        EXPECT_EQ(*used, 0U) << "the rest is shown again";
    }
    ASSERT_TRUE(feed(one, whole));
    EXPECT_TRUE(one.established());
}

TEST_P(ArrayCryptoDevice, RefusesSnapshotsThatAreNotTheGateways)
{
    settings.secret = as_bytes("another secret, of 32 characters");
    device::array_crypto_device one{env, settings};
    one.start(out);
    ASSERT_TRUE(talk(one));
    ASSERT_TRUE(one.send(text_bytes("x"), out));
    EXPECT_EQ(talk(one).error(), error::unproven_key);
    EXPECT_TRUE(up.empty());
}

TEST_P(ArrayCryptoDevice, RefusesOldSnapshots)
{
    device::array_crypto_device one{env, settings};
    one.start(out);
    ASSERT_TRUE(talk(one));
    ASSERT_TRUE(one.send(text_bytes("x"), out));
    env.wall_now += std::chrono::seconds{60};
    ASSERT_TRUE(talk(one)) << "a minute is admitted";
    ASSERT_TRUE(reply(one, "y"));
    env.wall_now += std::chrono::seconds{1};
    ASSERT_TRUE(one.send(text_bytes("x"), out));
    EXPECT_EQ(talk(one).error(), error::unproven_stale);
}

TEST_P(ArrayCryptoDevice, RefusesAnswersThatDoNotOpen)
{
    device::array_crypto_device one{env, settings};
    one.start(out);
    ASSERT_TRUE(talk(one));
    ASSERT_TRUE(one.send(text_bytes("x"), out));
    ASSERT_TRUE(talk(one));
    output lost;
    ASSERT_TRUE(gateway.live->send(world.now, text_bytes("y"), lost));
    ASSERT_TRUE(feed(one, ok(std::string(100, 'z'))));
    EXPECT_EQ(talk(one).error(), error::unproven_frame);
    EXPECT_TRUE(heard.empty());
}

TEST_P(ArrayCryptoDevice, SaysWhatTheGatewaySaidInstead)
{
    device::array_crypto_device one{env, settings};
    one.start(out);
    ASSERT_TRUE(feed(one, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));
    EXPECT_TRUE(one.dismissed());
    EXPECT_EQ(one.dismissal(), "404 Not Found");
    EXPECT_FALSE(one.established());
}

TEST_P(ArrayCryptoDevice, SaysNothingOnAConnectionThatEnds)
{
    device::array_crypto_device one{env, settings};
    one.start(out);
    ASSERT_TRUE(talk(one));
    ASSERT_TRUE(one.send(text_bytes("x"), out));
    ASSERT_TRUE(talk(one));
    ASSERT_TRUE(feed(one, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"));
    EXPECT_TRUE(one.dismissed());
    EXPECT_EQ(one.dismissal(), "connection: close");
}

TEST_P(ArrayCryptoDevice, HearsNothingUnasked)
{
    device::array_crypto_device one{env, settings};
    one.start(out);
    ASSERT_TRUE(talk(one));
    EXPECT_EQ(feed(one, taken).error(), error::malformed_record);
}

TEST_P(ArrayCryptoDevice, GivesItsNameAndPassword)
{
    settings.basic = "sensor-3:correct horse";
    device::array_crypto_device one{env, settings};
    one.start(out);
    EXPECT_NE(
        said().find("Authorization: Basic c2Vuc29yLTM6Y29ycmVjdCBob3JzZQ==\r\n"), said().npos
    );
    EXPECT_EQ(said().find("POST " + settings.prefix + "/handshake HTTP/1.1\r\n"), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Profiles,
    ArrayCryptoDevice,
    testing::Values(profile::v1, profile::v2),
    [](auto const& of) { return std::string{name_of(of.param)}; }
);

}  // namespace
}  // namespace gatehouse::test
