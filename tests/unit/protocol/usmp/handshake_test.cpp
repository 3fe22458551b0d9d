// Who gets in: proofs, keys and their windows, generations, and what a refusal gives away.
#include "protocol/usmp/handshake.h"
#include "support/call_counts.h"
#include "support/session_script.h"

#include <gtest/gtest.h>

#include <set>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using identity::key_window;

// What a stranger sees of an attempt, and what it costs us.
struct attempt {
    byte_string wire;
    std::optional<error> failure;
    std::size_t macs = 0;
    std::size_t agreements = 0;
    session_facts facts;
};

attempt try_to_enter(usmp_world_setup const& world, reference_device::setup const& with)
{
    reference_device device{with};
    live_session session{world};
    session.feed(device.hello());
    auto const macs = macs_computed();
    auto const agreements = keys_agreed();
    if (!session.wire.empty())
        EXPECT_TRUE(device.take_challenge(session.wire.front()));
    session.feed(device.hello_ack());
    attempt made{
        .wire = {},
        .failure = session.failure,
        .macs = macs_computed() - macs,
        .agreements = keys_agreed() - agreements,
        .facts = session.get().facts(),
    };
    for (auto const& frame : session.wire)
        append(made.wire, frame);
    return made;
}

reference_device::setup with_key(wire_generation generation, byte_string key)
{
    auto made = usual_device(generation);
    made.psk = std::move(key);
    return made;
}

reference_device::setup stranger(wire_generation generation)
{
    auto made = usual_device(generation);
    made.device_id = hex_bytes("0200000000ff");
    return made;
}

byte_string numbered_key(int number)
{
    return text_bytes("key number " + std::to_string(number) + " of this device");
}

class handshake : public testing::TestWithParam<wire_generation> {};
INSTANTIATE_TEST_SUITE_P(
    generation,
    handshake,
    testing::ValuesIn(all_generations),
    [](auto const& instance) { return name_of(instance.param); }
);

TEST_P(handshake, the_right_key_gets_in)
{
    auto const entered = try_to_enter({}, usual_device(GetParam()));
    EXPECT_EQ(entered.failure, std::nullopt);
    EXPECT_TRUE(entered.facts.authenticated);
    EXPECT_EQ(entered.facts.device.text(), usual_mac);
    EXPECT_EQ(entered.facts.id.value(), usmp_world_setup{}.first_id);
}

TEST_P(handshake, a_stranger_and_a_wrong_key_look_and_cost_the_same)
{
    usmp_world_setup world;
    world.devices = {
        {usual_mac, {{numbered_key(1)}, {numbered_key(2)}}},
        {"02:00:00:00:00:02", {{numbered_key(3)}, {numbered_key(4)}, {numbered_key(5)}}},
    };
    auto const wrong = try_to_enter(world, with_key(GetParam(), numbered_key(9)));
    auto const unknown = try_to_enter(world, stranger(GetParam()));
    EXPECT_EQ(wrong.failure, error::unproven_key);
    EXPECT_EQ(unknown.failure, error::unproven_device);
    EXPECT_EQ(to_hex(wrong.wire), to_hex(unknown.wire));
    EXPECT_EQ(wrong.wire.size(), 76U) << "the CHALLENGE and nothing else";
    EXPECT_EQ(wrong.macs, unknown.macs);
    EXPECT_EQ(wrong.agreements, 0U);
    EXPECT_EQ(unknown.agreements, 0U);
    EXPECT_FALSE(wrong.facts.authenticated);
    EXPECT_FALSE(unknown.facts.authenticated);

    // Whichever key fits, the number of trials is that of the device with most keys, and one MAC
    // answers.
    EXPECT_EQ(unknown.macs, 2 * 3U);
    for (int fitting = 1; fitting <= 2; ++fitting) {
        auto const entered = try_to_enter(world, with_key(GetParam(), numbered_key(fitting)));
        EXPECT_EQ(entered.failure, std::nullopt);
        EXPECT_EQ(entered.macs, unknown.macs + 1);
        EXPECT_EQ(entered.agreements, 1U);
    }
}

TEST_P(handshake, the_decoy_opens_nothing)
{
    usmp_world const world{{}};
    auto const decoy = copy_of(world.keyring->decoy());
    EXPECT_EQ(try_to_enter({}, with_key(GetParam(), decoy)).failure, error::unproven_key);
    auto impostor = stranger(GetParam());
    impostor.psk = decoy;
    EXPECT_EQ(try_to_enter({}, impostor).failure, error::unproven_device);
}

TEST_P(handshake, any_key_of_the_device_gets_in_and_is_named)
{
    usmp_world_setup world;
    world.devices = {
        {"02:00:00:00:00:02", {{numbered_key(7)}}},
        {usual_mac, {{numbered_key(0)}, {numbered_key(1)}, {numbered_key(2)}}},
    };
    for (int number = 0; number < 3; ++number) {
        auto const entered = try_to_enter(world, with_key(GetParam(), numbered_key(number)));
        EXPECT_EQ(entered.failure, std::nullopt);
        EXPECT_EQ(entered.facts.credential, static_cast<identity::key_index>(number + 1));
    }
    // Another device's key is of no use.
    auto const refused = try_to_enter(world, with_key(GetParam(), numbered_key(7)));
    EXPECT_EQ(refused.failure, error::unproven_key);
}

TEST_P(handshake, the_newest_of_equal_keys_is_named)
{
    usmp_world_setup world;
    world.devices = {{usual_mac, {{numbered_key(1)}, {numbered_key(1)}}}};
    auto const entered = try_to_enter(world, with_key(GetParam(), numbered_key(1)));
    EXPECT_EQ(entered.facts.credential, 0U);
}

TEST_P(handshake, a_key_outside_its_window_is_refused)
{
    usmp_world_setup world;
    auto const now = world.wall_now;
    auto const enter_with = [&](key_window const& window) {
        world.devices = {{usual_mac, {{numbered_key(1), window}}}};
        return try_to_enter(world, with_key(GetParam(), numbered_key(1)));
    };
    EXPECT_EQ(enter_with({now, now + 1s}).failure, std::nullopt);
    for (auto const& window : {key_window{now + 1s, now + 1h}, key_window{now - 1h, now}}) {
        auto const refused = enter_with(window);
        EXPECT_EQ(refused.failure, error::unproven_expired_key);
        EXPECT_FALSE(refused.facts.authenticated);
        EXPECT_EQ(refused.wire.size(), 76U);
        EXPECT_EQ(refused.agreements, 0U);
    }
    // Who does not know the key does not learn that it has a window.
    EXPECT_EQ(
        try_to_enter(world, with_key(GetParam(), numbered_key(2))).failure, error::unproven_key
    );
}

TEST_P(handshake, old_and_new_keys_overlap)
{
    usmp_world_setup world;
    auto const now = world.wall_now;
    world.devices = {
        {usual_mac,
         {{numbered_key(2), {now - 1h, now + 100h}}, {numbered_key(1), {now - 100h, now + 1h}}}}};
    for (int number = 1; number <= 2; ++number)
        EXPECT_EQ(
            try_to_enter(world, with_key(GetParam(), numbered_key(number))).failure, std::nullopt
        );
    world.wall_now += 2h;
    EXPECT_EQ(
        try_to_enter(world, with_key(GetParam(), numbered_key(1))).failure,
        error::unproven_expired_key
    );
    EXPECT_EQ(try_to_enter(world, with_key(GetParam(), numbered_key(2))).failure, std::nullopt);
}

// `not_after: 9999-12-31` is what people write for "never".
TEST_P(handshake, a_window_may_close_thousands_of_years_from_now)
{
    usmp_world_setup world;
    wall_time const far{std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}};
    world.devices = {{usual_mac, {{usual_psk(), {world.wall_now, far}}}}};
    reference_device device{usual_device(GetParam())};
    live_session session{world};
    session.feed(device.hello());
    ASSERT_TRUE(device.take_challenge(session.wire.front()));
    session.feed(device.hello_ack());
    ASSERT_FALSE(session.failure);
    EXPECT_TRUE(session.get().facts().authenticated);
    session.advance(6s);  // of 0.2 and 0.3, it is confirmed by staying
    EXPECT_EQ(session.get().deadline(), session.now() - 6s + world.config.idle_timeout);
}

TEST_P(handshake, the_wildcard_admits_unlisted_devices)
{
    usmp_world_setup world;
    world.devices = {{usual_mac, {{numbered_key(1)}}}, {"*", {{numbered_key(2)}}}};
    auto unlisted = stranger(GetParam());
    unlisted.psk = numbered_key(2);
    auto const entered = try_to_enter(world, unlisted);
    EXPECT_EQ(entered.failure, std::nullopt);
    EXPECT_EQ(entered.facts.credential, 1U);
    EXPECT_EQ(entered.facts.device.text(), "02:00:00:00:00:ff");

    unlisted.psk = numbered_key(1);
    EXPECT_EQ(try_to_enter(world, unlisted).failure, error::unproven_key);
    // A listed device has its own key and no other.
    EXPECT_EQ(
        try_to_enter(world, with_key(GetParam(), numbered_key(2))).failure, error::unproven_key
    );
}

TEST_P(handshake, nobody_gets_in_where_nobody_is_enrolled)
{
    usmp_world_setup world;
    world.devices.clear();
    auto const refused = try_to_enter(world, usual_device(GetParam()));
    EXPECT_EQ(refused.failure, error::unproven_device);
    EXPECT_EQ(refused.macs, 2U) << "the decoy is tried all the same";
}

TEST_P(handshake, each_session_has_its_own_nonce_key_and_id)
{
    // Two sessions of one world: nothing is drawn twice.
    usmp_world world{{}};
    std::set<std::string> seen;
    for (int i = 0; i < 3; ++i) {
        usmp::stream_session session{world.env, never};
        output out;
        auto hello = reference_device{usual_device(GetParam())}.hello();
        ASSERT_TRUE(session.receive({}, hello, out));
        auto const payload = out.wire.frame_at(0).subspan(12);
        EXPECT_TRUE(seen.insert(to_hex(payload.first(32))).second);
        EXPECT_TRUE(seen.insert(to_hex(payload.last(32))).second);
    }
}

TEST_P(handshake, a_public_key_of_low_order_is_refused)
{
    // Up to 0.3 nobody but the holder of the key can get this far; all are refused alike.
    live_session session{usmp_world_setup{}};
    auto const with = usual_device(GetParam());
    reference_device const device{with};
    auto hello = device.hello();
    std::fill(hello.begin() + 18, hello.end(), std::uint8_t{0});
    mend_checksum(hello);
    session.feed(hello);
    ASSERT_EQ(session.wire.size(), 1U);
    auto const challenge = bytes{session.wire.front()}.subspan(12);
    byte_string message;
    if (GetParam() >= wire_generation::d2)
        message = hex_bytes("cdab0203");
    append(message, challenge.first(32));
    append(message, with.device_id);
    if (GetParam() >= wire_generation::c) {
        append(message, byte_string(32, 0));
        append(message, challenge.last(32));
    }
    auto const version = GetParam() >= wire_generation::d1 ? std::uint8_t{2} : std::uint8_t{1};
    session.feed(reference_device::frame(
        version, wire_type::hello_ack, 0, reference::hmac_sha256(with.psk, message)
    ));
    EXPECT_EQ(session.failure, error::malformed_public_key);
    EXPECT_FALSE(session.get().facts().authenticated);
    EXPECT_EQ(session.wire.size(), 1U) << "no SESSION_OK";
}

TEST(handshake_release, the_sequence_number_tells_1_0_from_1_2)
{
    for (std::uint32_t const sequence : {0U, 1U, 2U, 3U, 0xffffffffU}) {
        reference_device device{usual_device(wire_generation::d3)};
        live_session session{usmp_world_setup{}};
        session.feed(device.hello());
        ASSERT_TRUE(device.take_challenge(session.wire.front()));
        auto ack = device.hello_ack();
        for (std::size_t i = 0; i < 4; ++i)
            ack[4 + i] = static_cast<std::uint8_t>(sequence >> 8 * i);
        mend_checksum(ack);
        session.feed(ack);
        EXPECT_EQ(session.get().facts().generation, sequence == 2 ? "1.2" : "1.0");
        EXPECT_TRUE(device.take_session_ok(session.wire.back()));
    }
}

TEST(handshake_release, ids_of_16_bytes_begin_with_the_session_and_those_of_4_are_random)
{
    for (auto const generation : all_generations) {
        session_script{generation}
            .shake_hands()
            .check([&](session_script::player& on) {
                auto const name = on.session.get().facts().id.bytes();
                auto const& wire = on.device.session_id();
                if (generation == wire_generation::a)
                    EXPECT_NE(to_hex(wire), to_hex(bytes{name}.first(4)));
                else
                    EXPECT_EQ(to_hex(bytes{wire}.first(8)), to_hex(name));
            })
            .play();
    }
}

}  // namespace
}  // namespace gatehouse::test
