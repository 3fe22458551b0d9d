// Fleets without a list: keys that come from masters.
#include "identity/keyring.h"
#include "keyring_fixture.h"
#include "support/allocation_counts.h"
#include "support/call_counts.h"
#include "support/reference_crypto.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using identity::device_prefix;
using identity::device_state;
using identity::key_state;
using identity::keyring;

constexpr auto master_text = "a master key of more than 32 bytes";
constexpr auto old_master_text = "an older master key, of 40 bytes or so..";
constexpr auto member = "02:00:00:00:00:07";
constexpr auto stranger = "06:00:00:00:00:07";

// What the contract says, computed by other means.
std::string expected_psk(std::string_view master, std::string_view mac)
{
    return to_hex(reference::hkdf_sha256(
        text_bytes(master), text_bytes("gatehouse psk v1"), copy_of(id_of(mac).raw()), 32
    ));
}

keyring::parts two_generations()
{
    keyring::parts parts;
    parts.key_ids = {"m2", "m1", "own"};
    parts.masters.push_back(master(0, master_text));
    parts.masters.push_back(master(1, old_master_text, 32, {noon - day, noon + day}));
    return parts;
}

TEST(device_prefix, covers_what_begins_alike)
{
    auto const fleet = device_prefix::make(id_of("02:00:00:00:00:00"), 24).value();
    EXPECT_EQ(fleet.text(), "02:00:00:00:00:00/24");
    EXPECT_TRUE(fleet.covers(id_of("02:00:00:00:00:00")));
    EXPECT_TRUE(fleet.covers(id_of("02:00:00:ff:ff:ff")));
    EXPECT_FALSE(fleet.covers(id_of("02:00:01:00:00:00")));
    EXPECT_FALSE(fleet.covers(id_of("82:00:00:00:00:00")));
    EXPECT_FALSE(fleet.covers(identity::device_id{}));

    auto const odd = device_prefix::make(id_of("02:00:00:00:00:06"), 47).value();
    EXPECT_TRUE(odd.covers(id_of("02:00:00:00:00:07")));
    EXPECT_FALSE(odd.covers(id_of("02:00:00:00:00:05")));
    auto const one = device_prefix::make(id_of("02:00:00:00:00:07"), 48).value();
    EXPECT_TRUE(one.covers(id_of("02:00:00:00:00:07")));
    EXPECT_FALSE(one.covers(id_of("02:00:00:00:00:06")));
    auto const all = device_prefix::make(id_of("00:00:00:00:00:00"), 0).value();
    EXPECT_TRUE(all.covers(id_of("ff:ff:ff:ff:ff:ff")));

    EXPECT_TRUE(all.covers(fleet));
    EXPECT_TRUE(fleet.covers(fleet));
    EXPECT_TRUE(fleet.covers(odd));
    EXPECT_FALSE(odd.covers(fleet));
    EXPECT_FALSE(odd.covers(device_prefix::make(id_of("02:00:00:00:00:04"), 48).value()));
}

TEST(device_prefix, has_nothing_behind_it)
{
    EXPECT_FALSE(device_prefix::make(id_of("02:00:00:00:00:01"), 24));
    EXPECT_FALSE(device_prefix::make(id_of("02:00:00:00:00:00"), 49));
    EXPECT_FALSE(device_prefix::make({}, 0));
    EXPECT_EQ(
        device_prefix::around(id_of("02:00:00:ab:cd:ef"), 28).value().text(), "02:00:00:a0:00:00/28"
    );
}

TEST(derived_key, is_as_the_contract_says)
{
    auto const ring = make(two_generations());
    EXPECT_EQ(ring->trials(), 2U);
    auto const found = find(*ring, member);
    ASSERT_TRUE(found.enrolled());
    ASSERT_EQ(found.key_count(), 2U);
    EXPECT_EQ(found.key(0).id, 0U);
    EXPECT_EQ(to_hex(found.key(0).value), expected_psk(master_text, member));
    EXPECT_EQ(found.key(1).id, 1U);
    EXPECT_EQ(to_hex(found.key(1).value), expected_psk(old_master_text, member));
    EXPECT_TRUE(found.key(1).accepted_at(noon));
    EXPECT_FALSE(found.key(1).accepted_at(noon + day));
    EXPECT_EQ(found.legacy_session_id(), identity::session_id_length::unknown);

    EXPECT_EQ(find(*ring, "02:00:00:ff:00:07").key_count(), 1U) << "outside the older range";
    EXPECT_FALSE(find(*ring, stranger).enrolled());
    EXPECT_EQ(ring->device_count(), 0U);
    EXPECT_EQ(ring->masters().size(), 2U);
}

TEST(derived_key, gives_way_to_an_entry_of_the_device_alone)
{
    auto parts = two_generations();
    parts.devices.add(id_of(member), device_with(key(2, "its own")));
    identity::psk_device lost;
    lost.state = device_state::revoked;
    parts.devices.add(id_of("02:00:00:00:00:08"), lost);
    auto const ring = make(std::move(parts));
    auto const found = find(*ring, member);
    ASSERT_EQ(found.key_count(), 1U);
    EXPECT_EQ(text_of(found.key(0).value), "its own");
    EXPECT_TRUE(find(*ring, "02:00:00:00:00:08").enrolled());
    EXPECT_EQ(find(*ring, "02:00:00:00:00:08").key_count(), 0U);
    EXPECT_EQ(ring->count(key_state::active, noon), 2U) << "its own, and the newer master";
    EXPECT_EQ(ring->count(key_state::expiring, noon), 1U) << "the older master";
    EXPECT_EQ(ring->count(key_state::revoked, noon), 1U);
}

TEST(derived_key, comes_before_the_wildcard)
{
    auto parts = two_generations();
    parts.wildcard = device_with(key(2, "everybody's"));
    auto const ring = make(std::move(parts));
    EXPECT_EQ(find(*ring, member).key_count(), 2U);
    EXPECT_EQ(text_of(find(*ring, stranger).key(0).value), "everybody's");
}

TEST(derived_key, costs_the_same_whoever_asks)
{
    auto parts = two_generations();
    parts.devices.add(id_of(member), device_with(key(2, "its own")));
    auto const ring = make(std::move(parts));
    crypto::hkdf_sha256 hkdf;
    for (auto const* mac : {member, "02:00:00:00:00:09", "02:00:00:ff:00:07", stranger}) {
        auto const derived = keys_derived();
        auto const allocated = allocations();
        auto const found = ring->find(id_of(mac), hkdf);
        EXPECT_EQ(allocations(), allocated) << mac;
        EXPECT_EQ(keys_derived() - derived, 2U) << mac;
    }
    auto const derived = keys_derived();
    EXPECT_FALSE(make({})->find(id_of(member), hkdf).enrolled());
    EXPECT_EQ(keys_derived(), derived) << "without masters nobody pays";
}

TEST(derived_key, is_given_to_the_provisioning_tool)
{
    auto parts = two_generations();
    parts.devices.add(id_of("02:00:00:00:00:08"), device_with(key(2, "its own")));
    parts.wildcard = device_with(key(2, "everybody's"));
    auto const ring = make(std::move(parts));
    auto const given = [&](std::string_view mac, identity::key_index id) {
        auto const made = ring->derived_for(id_of(mac), id);
        return made ? to_hex(made->expose()) : "none";
    };
    EXPECT_EQ(given(member, 0), expected_psk(master_text, member));
    EXPECT_EQ(given(member, 1), expected_psk(old_master_text, member));
    EXPECT_EQ(given(member, 2), "none");
    EXPECT_EQ(given("02:00:00:ff:00:07", 1), "none");
    EXPECT_EQ(given("02:00:00:00:00:08", 2), "none") << "never one of its own";
    EXPECT_EQ(given("02:00:00:00:00:08", 1), "none") << "its own entry is the only one that counts";
    EXPECT_EQ(given(stranger, 2), "none") << "never the wildcard's";
}

}  // namespace
}  // namespace gatehouse::test
