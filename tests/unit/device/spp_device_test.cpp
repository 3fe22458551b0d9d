// The device's end of SPP against the recorded gateway, and against gateways that it must not
// trust.
#include "device/spp_device.h"
#include "support/readable_error.h"
#include "support/reference_crypto.h"
#include "support/reference_spp.h"
#include "support/scripted_random.h"
#include "support/spp_vectors.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace gatehouse::test {
namespace {

template <std::size_t N>
std::array<std::uint8_t, N> array_of(bytes raw)
{
    std::array<std::uint8_t, N> made{};
    std::copy_n(raw.begin(), N, made.begin());
    return made;
}

class spp_device_side : public testing::TestWithParam<std::string> {
protected:
    spp_device_side()
    {
        settings.how = *std::ranges::find_if(spp::all_generations, [&](auto one) {
            return name_of(one) == GetParam();
        });
        settings.key = &key;
        settings.own = array_of<32>(recorded.device.identity);
        settings.gateway = array_of<32>(recorded.gateway.identity);
    }

    // What `device` makes of bytes of the gateway.
    result<std::size_t> feed(device::spp_device& device, byte_string data)
    {
        out.clear();
        up.clear();
        auto const taken = device.receive({}, data, out);
        for (auto const message : out.up)
            up.push_back(copy_of(message));
        return taken;
    }

    error refusal(byte_string hello)
    {
        scripted_random again{recorded.device.ephemeral_private};
        device::spp_environment fresh_env{crypto, again};
        device::spp_device device{fresh_env, settings};
        device.start(out);
        auto const taken = feed(device, std::move(hello));
        EXPECT_FALSE(taken);
        EXPECT_FALSE(device.established());
        return taken ? error{} : taken.error();
    }

    spp_vectors const recorded = load_spp_vectors(GetParam());
    crypto::ed25519_private const key =
        crypto::ed25519_private::from(array_of<32>(recorded.device.seed));
    crypto::workbench crypto;
    scripted_random random{recorded.device.ephemeral_private};
    device::spp_environment env{crypto, random};
    device::spp_settings settings;
    output out;
    std::vector<byte_string> up;
};
INSTANTIATE_TEST_SUITE_P(
    generation,
    spp_device_side,
    testing::ValuesIn(spp_generations()),
    [](auto const& instance) {
        auto name = instance.param;
        std::ranges::replace_if(
            name, [](char c) { return c == '.' || c == '-'; }, '_'
        );
        return "g" + name;
    }
);

TEST_P(spp_device_side, talks_with_the_recorded_gateway)
{
    device::spp_device device{env, settings};
    device.start(out);
    EXPECT_EQ(to_hex(out.wire.all()), to_hex(recorded.device.hello));
    EXPECT_EQ(device.awaits(), "hello");
    ASSERT_TRUE(feed(device, recorded.gateway.hello));
    ASSERT_TRUE(device.established());
    for (auto const& message : recorded.messages) {
        if (message.from_device)
            continue;
        auto const taken = feed(device, message.wire);
        ASSERT_TRUE(taken) << describe(taken.error());
        ASSERT_EQ(up.size(), 1U);
        EXPECT_EQ(to_hex(up.front()), to_hex(message.payload));
    }
}

TEST_P(spp_device_side, its_records_open)
{
    reference_spp_device other{
        {.generation = GetParam(),
         .seed = recorded.gateway.seed,
         .ephemeral_private = recorded.gateway.ephemeral_private,
         .gateway_identity = recorded.device.identity}};
    device::spp_device device{env, settings};
    device.start(out);
    ASSERT_TRUE(other.take_hello(out.wire.all()));
    ASSERT_TRUE(feed(device, other.hello()));
    for (std::size_t const size : {0U, 1U, 65536U}) {
        out.clear();
        ASSERT_TRUE(device.send(pattern_bytes(size), out));
        EXPECT_EQ(other.open(out.wire.all()), pattern_bytes(size));
    }
    out.clear();
    EXPECT_EQ(device.send(pattern_bytes(65537), out).error(), error::limit_message_size);
    EXPECT_TRUE(out.wire.empty());
}

TEST_P(spp_device_side, that_waits_speaks_when_it_was_spoken_to)
{
    settings.first = device::first_speaker::gateway;
    device::spp_device device{env, settings};
    device.start(out);
    EXPECT_TRUE(out.wire.empty());
    ASSERT_TRUE(feed(device, recorded.gateway.hello));
    EXPECT_EQ(to_hex(out.wire.all()), to_hex(recorded.device.hello));
    EXPECT_TRUE(device.established());
}

TEST_P(spp_device_side, trusts_no_other_gateway)
{
    EXPECT_EQ(refusal(recorded.device.hello), error::unproven_own_key);
    EXPECT_EQ(
        refusal(spp_hello(byte_string(32, 9), recorded.gateway.ephemeral)), error::unproven_key
    );
    EXPECT_EQ(
        refusal(spp_hello(recorded.gateway.seed, byte_string(32))), error::malformed_public_key
    );
    auto longer = recorded.gateway.hello;
    longer[0] = 97;
    EXPECT_EQ(refusal(longer), error::malformed_length);
}

TEST_P(spp_device_side, knows_its_own_records_and_their_order)
{
    device::spp_device device{env, settings};
    device.start(out);
    ASSERT_TRUE(feed(device, recorded.gateway.hello));
    out.clear();
    ASSERT_TRUE(device.send(text_bytes("mine"), out));
    EXPECT_EQ(feed(device, copy_of(out.wire.all())).error(), error::unproven_reflection);
    auto const second = std::ranges::find_if(recorded.messages, [](auto const& one) {
        return !one.from_device && one.payload.size() == 5;  // the gateway's second
    });
    if (spp::has_sequence(settings.how))
        EXPECT_EQ(feed(device, second->wire).error(), error::unproven_sequence);
}

TEST_P(spp_device_side, says_nothing_without_a_session)
{
    device::spp_device device{env, settings};
    EXPECT_EQ(device.send(text_bytes("x"), out).error(), error::internal_closed);
    EXPECT_EQ(device.ping(out).error(), error::internal_closed);
    device.start(out);
    ASSERT_TRUE(feed(device, recorded.gateway.hello));
    EXPECT_EQ(device.ping(out).error(), error::malformed_type) << "there is no such thing";
    ASSERT_TRUE(device.bye(out));
    EXPECT_EQ(device.send(text_bytes("x"), out).error(), error::internal_closed);
    EXPECT_TRUE(out.wire.empty()) << "goodbye is silence";
}

}  // namespace
}  // namespace gatehouse::test
