// Whose hello is taken, with which of the gateway's keys it is answered, and what that costs. The
// reference device signs before anything is counted: its own signatures do not disturb.
#include "support/call_counts.h"
#include "support/readable_error.h"
#include "support/reference_crypto.h"
#include "support/spp_world.h"

#include <gtest/gtest.h>

#include <string>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;

byte_string seed(std::uint8_t fill)
{
    return byte_string(32, fill);
}

byte_string identity_of(std::uint8_t fill)
{
    return reference::ed25519_public(seed(fill));
}

// A device with this seed that expects the gateway key with that one.
reference_spp_device device_with(std::uint8_t own, byte_string const& gateway_seed)
{
    auto how = usual_spp_device();
    how.seed = seed(own);
    how.gateway_identity = reference::ed25519_public(gateway_seed);
    return reference_spp_device{how};
}

reference_spp_device usual_device()
{
    return reference_spp_device{usual_spp_device()};
}

// How a hello is refused; nothing: it is answered.
std::optional<error> refusal(spp_world_setup const& setup, bytes hello)
{
    live_spp_session session{setup};
    session.feed(hello);
    EXPECT_EQ(session.wire.size(), session.failure ? 0U : 1U);
    EXPECT_FALSE(session.authenticated());
    return session.failure;
}

std::optional<error> refusal(spp_world_setup const& setup)
{
    return refusal(setup, usual_device().hello());
}

TEST(spp_handshake, a_hello_authenticates_nobody)
{
    auto device = usual_device();
    live_spp_session session{{}};
    session.feed(device.hello());
    ASSERT_TRUE(device.take_hello(session.take_wire()));
    EXPECT_FALSE(session.authenticated());
    EXPECT_EQ(session.get().facts().device.text(), usual_meter);
    session.send(text_bytes("too early"));
    EXPECT_EQ(session.refused, error::internal_closed);
    session.feed(device.record("now"));
    EXPECT_TRUE(session.authenticated());
    EXPECT_EQ(session.get().facts().generation, "0.2");
}

TEST(spp_handshake, a_key_that_is_not_listed_is_refused)
{
    EXPECT_EQ(
        refusal({}, device_with(0x77, usual_gateway_seed()).hello()), error::unproven_signature
    );
}

TEST(spp_handshake, the_signature_must_cover_the_ephemeral_key_in_the_hello)
{
    auto const whole = usual_device().hello();
    for (std::size_t at = 8; at < whole.size(); at += 5) {
        auto changed = whole;
        changed[at] ^= 1;
        EXPECT_EQ(refusal({}, changed), error::unproven_signature) << at;
    }
}

TEST(spp_handshake, ephemeral_keys_of_low_order_are_refused)
{
    auto const own = seed(0x11);
    for (auto const* point :
         {"0000000000000000000000000000000000000000000000000000000000000000",
          "0100000000000000000000000000000000000000000000000000000000000000",
          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"})
        EXPECT_EQ(refusal({}, spp_hello(own, hex_bytes(point))), error::malformed_public_key)
            << point;
}

TEST(spp_handshake, a_device_with_the_gateways_own_key_is_refused)
{
    spp_world_setup setup;
    setup.devices.push_back({"mirror", reference::ed25519_public(usual_gateway_seed())});
    auto how = usual_spp_device();
    how.seed = usual_gateway_seed();
    EXPECT_EQ(refusal(setup, reference_spp_device{how}.hello()), error::unproven_own_identity);
}

TEST(spp_handshake, devices_come_from_where_they_may)
{
    spp_world_setup setup;
    setup.devices.front().from = {"192.0.2.0/24"};
    EXPECT_EQ(refusal(setup), std::nullopt);
    setup.peer = peer_address::v4({192, 0, 3, 7}, 1);
    EXPECT_EQ(refusal(setup), error::unproven_signature);
}

TEST(spp_handshake, what_is_not_accepted_now_is_refused_with_the_reason)
{
    auto const noon = spp_world_setup{}.wall_now;
    spp_world_setup over;
    over.gateway_keys.front().window.not_after = noon;
    EXPECT_EQ(refusal(over), error::unproven_expired_key);
    spp_world_setup revoked;
    revoked.gateway_keys.front().mark = identity::key_mark::revoked;
    EXPECT_EQ(refusal(revoked), error::unproven_revoked_key);
    spp_world_setup disabled;
    disabled.devices.front().state = identity::device_state::disabled;
    EXPECT_EQ(refusal(disabled), error::unproven_disabled_device);
}

// Two gateway keys, the newer one first; what each device may use.
struct choice {
    char const* name;
    std::optional<std::size_t> may_use;
    bool newer_open = true;
    std::size_t expected = 0;
};

TEST(spp_handshake, a_device_is_answered_with_the_newest_key_that_it_may_use)
{
    for (auto const& one :
         {choice{"any", {}, true, 0},
          choice{"only the older", 1, true, 1},
          choice{"only the newer", 0, true, 0},
          choice{"any, and the newer is not open yet", {}, false, 1}}) {
        SCOPED_TRACE(one.name);
        spp_world_setup setup;
        setup.gateway_keys = {{seed(0x33)}, {usual_gateway_seed()}};
        setup.devices.front().gateway_key = one.may_use;
        if (!one.newer_open)
            setup.gateway_keys.front().window.not_before = setup.wall_now + 24h;
        auto device = device_with(0x11, setup.gateway_keys.at(one.expected).seed);
        live_spp_session session{setup};
        session.shake_hands(device);
        EXPECT_EQ(session.get().facts().credential, one.expected);
    }
}

// More devices than may be tried, for a listener without hints.
spp_world_setup crowd(std::size_t others, std::size_t trials)
{
    spp_world_setup setup;
    setup.config.trial_keys = trials;
    for (std::size_t i = 0; i < others; ++i)
        setup.devices.push_back(
            {"other-" + std::to_string(i), identity_of(static_cast<std::uint8_t>(0x80 + i))}
        );
    return setup;
}

TEST(spp_handshake, no_more_signatures_are_verified_than_trial_keys)
{
    auto const stranger = device_with(0x77, usual_gateway_seed()).hello();
    for (std::size_t const trials : {1U, 8U, 64U}) {
        auto const setup = crowd(20, trials);
        live_spp_session session{setup};
        auto const before = signatures_verified();
        session.feed(stranger);
        EXPECT_EQ(session.failure, error::unproven_signature);
        EXPECT_EQ(signatures_verified() - before, std::min<std::size_t>(trials, 21));
    }
}

TEST(spp_handshake, a_refused_hello_costs_no_key_and_no_signature_of_the_gateway)
{
    auto const stranger = device_with(0x77, usual_gateway_seed()).hello();
    live_spp_session session{{}};
    auto const agreed = keys_agreed();
    auto const made = signatures_made();
    session.feed(stranger);
    ASSERT_TRUE(session.failure);
    EXPECT_EQ(keys_agreed() - agreed, 0U);
    EXPECT_EQ(signatures_made() - made, 0U);
    EXPECT_EQ(session.world().random.drawn(), 0U);
}

// How many signatures it takes to know this device again.
std::size_t cost_of_hello(spp_world& world, reference_spp_device const& device, peer_address peer)
{
    auto hello = device.hello();
    auto const opened = world.door.open(never, peer);
    output out;
    auto const before = signatures_verified();
    EXPECT_TRUE(opened->receive(time_point{} + 1h, hello, out));
    return signatures_verified() - before;
}

TEST(spp_handshake, a_device_that_was_there_before_is_tried_first)
{
    auto const setup = crowd(20, 64);
    live_spp_session first{setup};
    auto device = device_with(0x80 + 7, usual_gateway_seed());
    auto const elsewhere = peer_address::v4({198, 51, 100, 1}, 1);
    auto const before = cost_of_hello(first.world(), device, setup.peer);
    first.shake_hands(device);
    EXPECT_EQ(cost_of_hello(first.world(), device, setup.peer), 1U);
    EXPECT_EQ(cost_of_hello(first.world(), device, elsewhere), before);
    EXPECT_GT(before, 1U) << "the crowd's order makes this test say nothing";
}

TEST(spp_handshake, a_hello_alone_teaches_nothing)
{
    auto const setup = crowd(20, 64);
    live_spp_session first{setup};
    auto const device = device_with(0x80 + 7, usual_gateway_seed());
    auto const before = cost_of_hello(first.world(), device, setup.peer);
    EXPECT_EQ(cost_of_hello(first.world(), device, setup.peer), before);
}

TEST(spp_handshake, a_hint_admits_nobody)
{
    spp_world_setup setup;
    auto device = usual_device();
    live_spp_session first{setup};
    first.shake_hands(device);
    auto without = setup;
    without.devices.front() = {"another", identity_of(0x55)};
    first.world().install(make_spp_keyring(without));
    auto hello = device.hello();
    output out;
    auto const again = first.world().door.open(never, setup.peer);
    auto const taken = again->receive(setup.now, hello, out);
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error(), error::unproven_signature);
}

// The device that was there before is known whatever strangers cost.
TEST(spp_handshake, strangers_cost_as_many_verifications_as_they_get_and_no_more)
{
    auto const setup = crowd(20, 64);
    live_spp_session first{setup};
    auto& world = first.world();
    auto device = device_with(0x80 + 7, usual_gateway_seed());
    first.shake_hands(device);
    auto const elsewhere = peer_address::v4({198, 51, 100, 1}, 1);
    auto const hello_from = [&](reference_spp_device const& who, peer_address const& peer) {
        auto hello = who.hello();
        output out;
        return world.door.open(never, peer)->receive(setup.now, hello, out);
    };
    auto const stranger = device_with(0x77, usual_gateway_seed());
    world.trials.left = 30;
    world.trials.askers.clear();
    auto const before = signatures_verified();
    EXPECT_EQ(hello_from(stranger, elsewhere).error(), error::unproven_signature);
    EXPECT_EQ(hello_from(stranger, elsewhere).error(), error::limit_hello_trials);
    EXPECT_EQ(hello_from(device, elsewhere).error(), error::limit_hello_trials);
    EXPECT_EQ(signatures_verified() - before, 30U);
    for (auto const& asker : world.trials.askers)
        EXPECT_EQ(asker, elsewhere);
    EXPECT_TRUE(hello_from(device, setup.peer));
}

// A budget that never reaches all keys for one hello.
TEST(spp_handshake, a_device_that_tries_again_gets_its_turn)
{
    auto const setup = crowd(20, 64);
    live_spp_session first{setup};
    auto& world = first.world();
    for (int key = 0; key < 20; ++key) {
        auto const device =
            device_with(static_cast<std::uint8_t>(0x80 + key), usual_gateway_seed());
        int tries = 0;
        while (tries < 20) {
            ++tries;
            world.trials.left = 5;
            auto hello = device.hello();
            output out;
            if (world.door.open(never, setup.peer)->receive(setup.now, hello, out))
                break;
        }
        EXPECT_LE(tries, 6) << key;
    }
}

// Keys are judged once more when the first record opens.
TEST(spp_handshake, is_judged_by_the_keys_of_its_end)
{
    auto const outcome = [](auto const& change) {
        spp_world_setup setup;
        auto device = usual_device();
        live_spp_session session{setup};
        session.feed(device.hello());
        EXPECT_TRUE(device.take_hello(session.take_wire()));
        change(setup);
        session.world().install(make_spp_keyring(setup));
        session.feed(device.record("first"));
        EXPECT_EQ(session.authenticated(), !session.failure);
        return session.failure;
    };
    EXPECT_EQ(outcome([](auto&) {}), std::nullopt);
    EXPECT_EQ(
        outcome([](auto& now) { now.devices.front().identity = identity_of(0x55); }),
        error::unproven_revoked_key
    );
    EXPECT_EQ(
        outcome([](auto& now) { now.devices.front().name = "renamed"; }),
        error::unproven_revoked_key
    );
    EXPECT_EQ(
        outcome([](auto& now) { now.gateway_keys.front().seed = seed(0x44); }),
        error::unproven_revoked_key
    );
    EXPECT_EQ(
        outcome([](auto& now) { now.devices.front().state = identity::device_state::disabled; }),
        error::unproven_disabled_device
    );
    EXPECT_EQ(
        outcome([](auto& now) { now.gateway_keys.front().window.not_after = now.wall_now; }),
        error::unproven_expired_key
    );
}

// The gateway speaks first.

TEST(spp_greeting, is_signed_with_the_newest_key_that_is_open)
{
    spp_world_setup setup;
    setup.gateway_keys = {{seed(0x33)}, {usual_gateway_seed()}, {seed(0x44)}};
    setup.gateway_keys.front().window.not_before = setup.wall_now + 24h;
    live_spp_session session{setup, spp_opening::gateway_first};
    auto device = usual_device();
    ASSERT_TRUE(device.take_hello(session.take_wire()));
    session.feed(device.hello());
    EXPECT_TRUE(session.wire.empty()) << "one hello a connection";
    session.feed(device.record("first"));
    EXPECT_TRUE(session.authenticated());
    EXPECT_EQ(session.get().facts().credential, 1U);
}

TEST(spp_greeting, needs_an_open_key)
{
    spp_world_setup setup;
    setup.gateway_keys.front().window.not_after = setup.wall_now;
    spp_world world{setup};
    output out;
    auto const opened = world.door.greet(never, setup.peer, out);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error(), error::unproven_expired_key);
    EXPECT_TRUE(out.wire.empty());
}

TEST(spp_greeting, a_device_that_expects_another_key_is_refused)
{
    spp_world_setup setup;
    setup.gateway_keys = {{seed(0x33)}, {usual_gateway_seed()}};
    setup.devices.front().gateway_key = 1;
    live_spp_session session{setup, spp_opening::gateway_first};
    session.feed(usual_device().hello());
    EXPECT_EQ(session.failure, error::unproven_gateway_key);
}

TEST(spp_greeting, an_echo_is_refused)
{
    spp_world_setup setup;
    setup.devices.push_back({"mirror", reference::ed25519_public(usual_gateway_seed())});
    live_spp_session session{setup, spp_opening::gateway_first};
    session.feed(session.take_wire());
    EXPECT_EQ(session.failure, error::unproven_own_key);
}

// Signed by a device, so that only the key itself tells.
TEST(spp_greeting, the_own_ephemeral_key_is_refused_under_any_signature)
{
    live_spp_session session{{}, spp_opening::gateway_first};
    auto const own = session.take_wire();
    session.feed(spp_hello(seed(0x11), bytes{own}.last(32)));
    EXPECT_EQ(session.failure, error::unproven_own_key);
}

TEST(spp_greeting, foreign_forms_are_still_known_by_name)
{
    live_spp_session session{{}, spp_opening::gateway_first};
    auto stream = little_64(64);
    stream.resize(112, 0x55);
    session.feed(stream);
    EXPECT_EQ(session.failure, error::incompatible_generation);
    EXPECT_EQ(session.get().facts().generation, "rs-a");
}

}  // namespace
}  // namespace gatehouse::test
