#include "identity/keyring.h"
#include "keyring_fixture.h"

#include <gtest/gtest.h>

#include <set>

namespace gatehouse::test {
namespace {

using identity::device_state;
using identity::key_mark;
using identity::key_state;
using identity::key_window;
using identity::keyring;

constexpr auto secret_text = "0123456789abcdef";

// A device with a key for each window.
identity::psk_device device_with_windows(std::vector<key_window> const& windows)
{
    identity::psk_device made;
    for (auto const& window : windows)
        made.keys.push_back(key(0, secret_text, window));
    return made;
}

TEST(key_window, is_half_open)
{
    key_window const window{noon, noon + day};
    EXPECT_FALSE(window.open_at(noon - second));
    EXPECT_TRUE(window.open_at(noon));
    EXPECT_TRUE(window.open_at(noon + day - second));
    EXPECT_FALSE(window.open_at(noon + day));
}

TEST(key_window, is_open_for_ever_unless_said)
{
    EXPECT_TRUE(key_window{}.open_at(noon));
    EXPECT_TRUE(key_window{}.open_at(wall_time::min()));
    EXPECT_TRUE(key_window{}.open_at(wall_time::max() - second));
}

TEST(keyring, finds_devices_by_id)
{
    keyring::parts parts;
    parts.devices.add(id_of("02:00:00:00:00:01"), device_with(key(0, "one")));
    parts.devices.add(id_of("02:00:00:00:00:02"), device_with(key(3, "new"), key(1, "old")));
    auto const ring = make(std::move(parts));
    EXPECT_EQ(ring->device_count(), 2U);
    EXPECT_FALSE(ring->has_wildcard());
    auto const found = find(*ring, "02:00:00:00:00:02");
    ASSERT_TRUE(found.enrolled());
    ASSERT_EQ(found.key_count(), 2U);
    EXPECT_EQ(found.key(0).id, 3U);
    EXPECT_EQ(text_of(found.key(0).value), "new");
    EXPECT_EQ(text_of(found.key(1).value), "old");
    EXPECT_TRUE(found.key(0).accepted_at(noon));
    EXPECT_FALSE(find(*ring, "02:00:00:00:00:03").enrolled());
    EXPECT_EQ(find(*ring, "02:00:00:00:00:03").key_count(), 0U);
    crypto::hkdf_sha256 hkdf;
    EXPECT_FALSE(ring->find({}, hkdf).enrolled());
}

TEST(keyring, a_devices_own_entry_wins_over_the_wildcard)
{
    keyring::parts parts;
    parts.devices.add(id_of("02:00:00:00:00:01"), device_with_windows({{}}));
    parts.wildcard = device_with_windows({{}, {}});
    auto const ring = make(std::move(parts));
    EXPECT_TRUE(ring->has_wildcard());
    EXPECT_EQ(ring->device_count(), 1U);
    EXPECT_EQ(find(*ring, "02:00:00:00:00:01").key_count(), 1U);
    ASSERT_TRUE(find(*ring, "02:00:00:00:00:03").enrolled());
    EXPECT_EQ(find(*ring, "02:00:00:00:00:03").key_count(), 2U);
    EXPECT_FALSE(ring->find_listed(id_of("02:00:00:00:00:03")));
}

TEST(keyring, trials_are_the_most_keys_of_any_device)
{
    EXPECT_EQ(make({})->trials(), 1U);
    keyring::parts parts;
    parts.devices.add(id_of("02:00:00:00:00:01"), device_with_windows({{}}));
    parts.devices.add(id_of("02:00:00:00:00:02"), device_with_windows({{}, {}, {}}));
    parts.wildcard = device_with_windows({{}, {}});
    EXPECT_EQ(make(std::move(parts))->trials(), 3U);

    keyring::parts with_wildcard;
    with_wildcard.devices.add(id_of("02:00:00:00:00:01"), device_with_windows({{}}));
    with_wildcard.wildcard = device_with_windows({{}, {}, {}, {}});
    EXPECT_EQ(make(std::move(with_wildcard))->trials(), 4U);
}

TEST(keyring, keeps_names_and_decoy)
{
    keyring::parts parts;
    parts.key_ids = {"2026-11", "2025-11"};
    auto const ring = make(std::move(parts));
    EXPECT_EQ(ring->key_ids(), (std::vector<std::string>{"2026-11", "2025-11"}));
    EXPECT_EQ(ring->index_of("2025-11"), 1U);
    EXPECT_EQ(ring->index_of("2024-11"), std::nullopt);
    EXPECT_EQ(text_of(ring->decoy()), "decoy");
}

TEST(keyring, marks_keys_that_are_never_accepted)
{
    auto device = device_with(key(0, "new"), key(1, "lost"));
    device.keys[1].revoked = true;
    keyring::parts parts;
    parts.devices.add(id_of("02:00:00:00:00:01"), device);
    device.state = device_state::disabled;
    parts.devices.add(id_of("02:00:00:00:00:02"), device);
    device.state = device_state::revoked;
    parts.devices.add(id_of("02:00:00:00:00:03"), device);
    auto const ring = make(std::move(parts));
    auto const marks = [&](std::string_view mac) {
        auto const found = find(*ring, mac);
        EXPECT_TRUE(found.enrolled());
        return std::pair{found.key(0).mark, found.key(1).mark};
    };
    EXPECT_EQ(marks("02:00:00:00:00:01"), (std::pair{key_mark::accepted, key_mark::revoked}));
    EXPECT_EQ(marks("02:00:00:00:00:02"), (std::pair{key_mark::disabled, key_mark::revoked}));
    EXPECT_EQ(marks("02:00:00:00:00:03"), (std::pair{key_mark::revoked, key_mark::revoked}));
    EXPECT_FALSE(find(*ring, "02:00:00:00:00:01").key(1).accepted_at(noon));
    EXPECT_FALSE(find(*ring, "02:00:00:00:00:02").key(0).accepted_at(noon));
}

TEST(keyring, counts_keys_by_state)
{
    keyring::parts parts;
    parts.key_ids = {"a"};
    parts.devices.add(
        id_of("02:00:00:00:00:01"),
        device_with_windows({
            {},                                 // for ever
            {noon, noon + 100 * day},           // active
            {noon + second, noon + 100 * day},  // pending
            {noon - day, noon},                 // expired
            {noon - day, noon + 7 * day},       // expiring
            {noon - day, noon + second},        // expiring
        })
    );
    parts.wildcard = device_with_windows({{noon - day, noon + 7 * day + second}});  // active
    parts.masters.push_back(master(0, "a master", 24, {noon + day, wall_time::max()}));
    auto const ring = make(std::move(parts));
    EXPECT_EQ(ring->count(key_state::active, noon), 3U);
    EXPECT_EQ(ring->count(key_state::pending, noon), 2U);
    EXPECT_EQ(ring->count(key_state::expired, noon), 1U);
    EXPECT_EQ(ring->count(key_state::expiring, noon), 2U);
    EXPECT_EQ(ring->count(key_state::revoked, noon), 0U);
    EXPECT_EQ(ring->count(key_state::expired, noon + 101 * day), 6U);
    EXPECT_EQ(ring->counts_by_key(noon).at(0)[key_state::pending], 1U) << "without the masters";
}

TEST(keyring, counts_who_is_shut_out_as_revoked_or_not_at_all)
{
    keyring::parts parts;
    parts.key_ids = {"a", "b"};
    auto device = device_with(key(0, "new"), key(1, "lost"));
    device.keys[1].revoked = true;
    parts.devices.add(id_of("02:00:00:00:00:01"), device);
    device.state = device_state::disabled;
    parts.devices.add(id_of("02:00:00:00:00:02"), device);
    device.state = device_state::revoked;
    parts.devices.add(id_of("02:00:00:00:00:03"), device);
    identity::psk_device lost;
    lost.state = device_state::revoked;
    parts.devices.add(id_of("02:00:00:00:00:04"), lost);
    auto const ring = make(std::move(parts));
    EXPECT_EQ(ring->count(key_state::active, noon), 1U);
    EXPECT_EQ(ring->count(key_state::revoked, noon), 5U) << "a device without keys counts as one";
    auto const by_key = ring->counts_by_key(noon);
    ASSERT_EQ(by_key.size(), 2U);
    EXPECT_EQ(by_key[0][key_state::active], 1U);
    EXPECT_EQ(by_key[0][key_state::revoked], 1U);
    EXPECT_EQ(by_key[1][key_state::revoked], 3U);
}

TEST(keyring, lists_its_devices)
{
    keyring::parts parts;
    auto named = device_with(key(0, "a"));
    named.name = "boiler 17";
    named.legacy_session_id = identity::session_id_length::four;
    parts.devices.add(id_of("02:00:00:00:00:01"), named);
    parts.devices.add(id_of("02:00:00:00:00:02"), device_with(key(0, "b")));
    parts.wildcard = device_with(key(0, "c"));
    auto const ring = make(std::move(parts));
    std::set<std::string> seen;
    ring->for_each_device([&](auto const& id, auto const& device) {
        seen.insert(id.text() + ' ' + std::string{device.name()} + text_of(device.key(0).value));
    });
    EXPECT_EQ(seen, (std::set<std::string>{"02:00:00:00:00:01 boiler 17a", "02:00:00:00:00:02 b"}));
    auto const entry = ring->find_listed(id_of("02:00:00:00:00:01"));
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->legacy_session_id(), identity::session_id_length::four);
    EXPECT_EQ(entry->state(), device_state::enabled);
    ASSERT_TRUE(ring->wildcard());
    EXPECT_EQ(text_of(ring->wildcard()->key(0).value), "c");
}

}  // namespace
}  // namespace gatehouse::test
