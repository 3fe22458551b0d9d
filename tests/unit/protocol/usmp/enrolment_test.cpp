// Who gets in of a fleet with derived keys, who is shut out, and how a live session follows its
// key.
#include "support/call_counts.h"
#include "support/datagram_talk.h"
#include "support/reference_crypto.h"
#include "support/session_script.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using identity::device_state;
using identity::key_window;

byte_string const new_master = text_bytes("the newer master key, longer than 32");
byte_string const old_master = text_bytes("the older master key, longer than 32 bytes");

usmp_world_setup fleet_world()
{
    usmp_world_setup world;
    world.devices.clear();
    world.masters = {{new_master, "02:00:00:00:00:00"}, {old_master, "02:00:00:00:00:00"}};
    return world;
}

reference_device::setup member(wire_generation generation, byte_string const& master)
{
    auto made = usual_device(generation);
    made.psk = reference::hkdf_sha256(master, text_bytes("gatehouse psk v1"), made.device_id, 32);
    return made;
}

struct attempt {
    std::optional<error> failure;
    identity::key_index credential = 0;
    std::size_t macs = 0;
    std::size_t derived = 0;
};

attempt try_to_enter(usmp_world_setup const& world, reference_device::setup const& with)
{
    reference_device device{with};
    live_session session{world};
    session.feed(device.hello());
    EXPECT_TRUE(device.take_challenge(session.wire.front()));
    auto const macs = macs_computed();
    auto const derived = keys_derived();
    session.feed(device.hello_ack());
    auto const facts = session.get().facts();
    EXPECT_EQ(facts.authenticated, !session.failure);
    return {session.failure, facts.credential, macs_computed() - macs, keys_derived() - derived};
}

class enrolment : public testing::TestWithParam<wire_generation> {};
INSTANTIATE_TEST_SUITE_P(
    generation,
    enrolment,
    testing::ValuesIn(all_generations),
    [](auto const& instance) { return name_of(instance.param); }
);

TEST_P(enrolment, a_device_of_a_derived_fleet_gets_in)
{
    auto const world = fleet_world();
    auto const newest = try_to_enter(world, member(GetParam(), new_master));
    EXPECT_EQ(newest.failure, std::nullopt);
    EXPECT_EQ(newest.credential, 0U);
    auto const older = try_to_enter(world, member(GetParam(), old_master));
    EXPECT_EQ(older.failure, std::nullopt);
    EXPECT_EQ(older.credential, 1U);
    auto another = member(GetParam(), new_master);
    another.device_id.back() ^= 1U;
    EXPECT_EQ(try_to_enter(world, another).failure, error::unproven_key) << "each has its own key";
}

TEST_P(enrolment, a_derived_key_has_the_window_of_its_master)
{
    auto world = fleet_world();
    world.masters[1].window = {world.wall_now - 2h, world.wall_now - 1h};
    EXPECT_EQ(
        try_to_enter(world, member(GetParam(), old_master)).failure, error::unproven_expired_key
    );
    EXPECT_EQ(try_to_enter(world, member(GetParam(), new_master)).failure, std::nullopt);
}

TEST_P(enrolment, an_entry_of_the_device_alone_replaces_its_derived_keys)
{
    auto world = fleet_world();
    world.devices = {{usual_mac, {{usual_psk()}}}};
    EXPECT_EQ(try_to_enter(world, member(GetParam(), new_master)).failure, error::unproven_key);
    EXPECT_EQ(try_to_enter(world, usual_device(GetParam())).failure, std::nullopt);
    for (auto const state : {device_state::disabled, device_state::revoked}) {
        world.devices = {{usual_mac, {}, {}, state}};
        EXPECT_EQ(try_to_enter(world, member(GetParam(), new_master)).failure, error::unproven_key);
    }
}

TEST_P(enrolment, who_is_shut_out_is_refused_by_name_after_its_proof)
{
    usmp_world_setup world;
    auto wrong = usual_device(GetParam());
    wrong.psk = text_bytes("some other key of 32 bytes or so");
    world.devices = {{usual_mac, {{usual_psk(), {}, true}}}};
    EXPECT_EQ(try_to_enter(world, usual_device(GetParam())).failure, error::unproven_revoked_key);
    EXPECT_EQ(try_to_enter(world, wrong).failure, error::unproven_key);
    world.devices = {{usual_mac, {{usual_psk()}}, {}, device_state::disabled}};
    EXPECT_EQ(
        try_to_enter(world, usual_device(GetParam())).failure, error::unproven_disabled_device
    );
    EXPECT_EQ(try_to_enter(world, wrong).failure, error::unproven_key);
    world.devices = {{usual_mac, {{usual_psk()}}, {}, device_state::revoked}};
    EXPECT_EQ(try_to_enter(world, usual_device(GetParam())).failure, error::unproven_revoked_key);
}

TEST_P(enrolment, a_revoked_key_whose_secret_is_gone_fits_nobody)
{
    usmp_world_setup world;
    world.devices = {{usual_mac, {{usual_psk()}, {{}, {}, true}}}};
    auto with = usual_device(GetParam());
    EXPECT_EQ(try_to_enter(world, with).failure, std::nullopt);
    auto const decoy = copy_of(usmp_world{world}.keyring->decoy());
    for (auto const& key : {byte_string{}, decoy}) {
        with.psk = key;
        auto const refused = try_to_enter(world, with);
        EXPECT_EQ(refused.failure, error::unproven_key);
        EXPECT_EQ(refused.macs, 2 * 2U);
    }
}

TEST_P(enrolment, listed_derived_and_unknown_devices_cost_the_same)
{
    auto world = fleet_world();
    world.devices = {{"02:00:00:00:00:02", {{usual_psk()}, {usual_psk()}, {usual_psk()}}}};
    auto const of_fleet = try_to_enter(world, usual_device(GetParam()));
    auto with = usual_device(GetParam());
    with.device_id = copy_of(parse_id("02:00:00:00:00:02").raw());
    with.psk = text_bytes("some other key of 32 bytes or so");
    auto const listed = try_to_enter(world, with);
    with.device_id = copy_of(parse_id("0e:00:00:00:00:02").raw());
    auto const unknown = try_to_enter(world, with);
    EXPECT_EQ(of_fleet.failure, error::unproven_key);
    EXPECT_EQ(listed.failure, error::unproven_key);
    EXPECT_EQ(unknown.failure, error::unproven_device);
    EXPECT_EQ(of_fleet.derived, 2U);
    EXPECT_EQ(of_fleet.macs, 2 * 3U);
    for (auto const& other : {listed, unknown}) {
        EXPECT_EQ(other.derived, of_fleet.derived);
        EXPECT_EQ(other.macs, of_fleet.macs);
    }
}

class live_key : public testing::TestWithParam<wire_generation> {
protected:
    // A session with a device of the fleet, which has spoken.
    void enter(live_session& session, reference_device& device) const
    {
        session.feed(device.hello());
        ASSERT_TRUE(device.take_challenge(session.wire.front()));
        session.feed(device.hello_ack());
        ASSERT_TRUE(session.get().facts().authenticated);
        ASSERT_TRUE(device.take_session_ok(session.wire.back()));
        session.feed(device.message(text_bytes("m")));
        ASSERT_TRUE(session.get().facts().confirmed);
    }
};
INSTANTIATE_TEST_SUITE_P(
    generation,
    live_key,
    testing::Values(wire_generation::a, wire_generation::d3),
    [](auto const& instance) { return name_of(instance.param); }
);

TEST_P(live_key, that_closes_ends_its_session_at_the_new_time)
{
    live_session session{fleet_world()};
    reference_device device{member(GetParam(), new_master)};
    enter(session, device);
    auto const began = session.now();
    session.set_key_window({wall_time::min(), session.world().env.wall_now + 20s});
    EXPECT_EQ(session.get().deadline(), began + 20s);
    session.advance(19s);
    EXPECT_FALSE(session.over());
    ASSERT_TRUE(session.time_out());
    EXPECT_EQ(session.now(), began + 20s);
    EXPECT_EQ(session.failure, error::unproven_expired_key);
}

TEST_P(live_key, that_is_prolonged_prolongs_its_session)
{
    auto world = fleet_world();
    world.masters[0].window = {world.wall_now - 1h, world.wall_now + 20s};
    live_session session{world};
    reference_device device{member(GetParam(), new_master)};
    enter(session, device);
    EXPECT_EQ(session.get().deadline(), session.now() + 20s);
    session.set_key_window({});
    EXPECT_EQ(session.get().deadline(), session.now() + world.config.idle_timeout);
}

TEST_P(live_key, that_is_not_open_any_more_ends_its_session_now)
{
    for (auto const shift : {-1h, 1h}) {
        live_session session{fleet_world()};
        reference_device device{member(GetParam(), new_master)};
        enter(session, device);
        auto const around = session.world().env.wall_now + shift;
        session.set_key_window({around - 10s, around + 10s});
        EXPECT_EQ(session.get().deadline(), session.now());
        ASSERT_TRUE(session.time_out());
        EXPECT_EQ(session.failure, error::unproven_expired_key);
    }
}

TEST(live_key_early, changes_nothing_before_the_proof)
{
    live_session session{fleet_world()};
    auto const due = session.get().deadline();
    session.set_key_window({});
    EXPECT_EQ(session.get().deadline(), due);
}

class datagram_enrolment : public testing::TestWithParam<wire_generation> {};
INSTANTIATE_TEST_SUITE_P(
    generation,
    datagram_enrolment,
    testing::ValuesIn(datagram_generations),
    [](auto const& instance) { return name_of(instance.param); }
);

TEST_P(datagram_enrolment, a_device_of_a_derived_fleet_talks)
{
    datagram_talk talk{fleet_world(), member(GetParam(), old_master)};
    talk.shake_hands();
    EXPECT_EQ(talk.session.get().facts().credential, 1U);
    talk.deliver("hello");
}

TEST_P(datagram_enrolment, a_key_that_closes_ends_its_session_at_the_new_time)
{
    datagram_talk talk{fleet_world(), member(GetParam(), new_master)};
    talk.shake_hands();
    talk.deliver("hello");  // after which nothing of the handshake is due any more
    auto& session = talk.session;
    auto const began = session.now();
    session.set_key_window({wall_time::min(), session.world().env.wall_now + 20s});
    EXPECT_LE(session.get().deadline(), began + 20s);  // UDP has other deadlines, too
    talk.expect_failure(error::unproven_expired_key);
    EXPECT_EQ(session.now(), began + 20s);
}

TEST_P(datagram_enrolment, a_key_that_is_not_open_any_more_ends_its_session_now)
{
    datagram_talk talk{fleet_world(), member(GetParam(), new_master)};
    talk.shake_hands();
    auto& session = talk.session;
    session.set_key_window({wall_time::min(), session.world().env.wall_now});
    EXPECT_EQ(session.get().deadline(), session.now());
    talk.expect_failure(error::unproven_expired_key);
}

TEST_P(datagram_enrolment, who_is_shut_out_gets_no_second_try)
{
    usmp_world_setup world;
    world.devices = {{usual_mac, {{usual_psk()}}, {}, device_state::disabled}};
    datagram_talk talk{world, usual_device(GetParam())};
    talk.hello();
    talk.lose();
    talk.feed(talk.expect_frame(wire_type::challenge));
    talk.hello_ack();
    talk.expect_refused(error::unproven_disabled_device);
    EXPECT_EQ(talk.session.get().ended(), end_reason::protocol);
}

}  // namespace
}  // namespace gatehouse::test
