#include "identity/key_standing.h"
#include "keyring_fixture.h"
#include "support/call_counts.h"

#include <gtest/gtest.h>

#include <functional>

namespace gatehouse::test {
namespace {

using identity::device_state;
using identity::key_window;
using identity::keyring;
using identity::psk_device;
using identity::standing_of;
using verdict = identity::key_standing::verdict;

constexpr auto mac = "02:00:00:00:00:01";
constexpr key_window later_window{noon, noon + day};

std::shared_ptr<keyring const> ring_with(psk_device device)
{
    keyring::parts parts;
    parts.devices.add(id_of(mac), device);
    return make(std::move(parts));
}

std::shared_ptr<keyring const> fleet(identity::master_key of, std::optional<psk_device> own = {})
{
    keyring::parts parts;
    parts.masters.push_back(std::move(of));
    if (own)
        parts.devices.add(id_of(mac), *own);
    return make(std::move(parts));
}

std::shared_ptr<keyring const> open_snapshot(psk_device wildcard)
{
    keyring::parts parts;
    parts.wildcard = std::move(wildcard);
    return make(std::move(parts));
}

// Of the key with index 1.
identity::key_standing standing(
    std::shared_ptr<keyring const> const& before, std::shared_ptr<keyring const> const& now
)
{
    return standing_of(*before, *now, id_of(mac), 1);
}

psk_device with_state(psk_device device, device_state state)
{
    device.state = state;
    return device;
}

TEST(key_standing, is_unchanged_when_only_other_things_change)
{
    auto const before = ring_with(device_with(key(1, "one")));
    EXPECT_EQ(standing(before, before).what, verdict::unchanged);
    EXPECT_EQ(
        standing(before, ring_with(device_with(key(2, "newer"), key(1, "one")))).what,
        verdict::unchanged
    );
    auto named = device_with(key(1, "one"));
    named.name = "boiler";
    EXPECT_EQ(standing(before, ring_with(std::move(named))).what, verdict::unchanged);
    EXPECT_EQ(
        standing(before, change(*before, "02:00:00:00:00:02", device_with(key(1, "x")))).what,
        verdict::unchanged
    );
}

TEST(key_standing, is_gone_without_the_very_key)
{
    auto const before = ring_with(device_with(key(1, "one"), key(0, "zero")));
    EXPECT_EQ(standing(before, ring_with(device_with(key(0, "zero")))).what, verdict::gone);
    EXPECT_EQ(standing(before, ring_with(device_with(key(1, "other")))).what, verdict::gone);
    EXPECT_EQ(standing(before, ring_with(device_with(key(2, "one")))).what, verdict::gone)
        << "another id";
    EXPECT_EQ(standing(before, make({})).what, verdict::gone);
    EXPECT_EQ(standing(before, change(*before, mac, std::nullopt)).what, verdict::gone);
    EXPECT_EQ(standing(make({}), before).what, verdict::gone);
}

TEST(key_standing, is_gone_when_key_or_device_is_shut_out)
{
    auto const before = ring_with(device_with(key(1, "one"), key(0, "zero")));
    auto revoked = device_with(key(1, "one"), key(0, "zero"));
    revoked.keys[0].revoked = true;
    auto const now = ring_with(std::move(revoked));
    EXPECT_EQ(standing(before, now).what, verdict::gone);
    EXPECT_EQ(standing_of(*before, *now, id_of(mac), 0).what, verdict::unchanged);
    for (auto const state : {device_state::disabled, device_state::revoked})
        EXPECT_EQ(
            standing(before, ring_with(with_state(device_with(key(1, "one")), state))).what,
            verdict::gone
        );
}

TEST(key_standing, tells_a_new_window)
{
    auto const before = ring_with(device_with(key(1, "one")));
    auto const found = standing(before, ring_with(device_with(key(1, "one", later_window))));
    EXPECT_EQ(found.what, verdict::window_changed);
    EXPECT_EQ(found.window, later_window);
}

TEST(key_standing, follows_changes_of_a_shared_base)
{
    auto const before = ring_with(device_with(key(1, "one")));
    auto const same = change(*before, mac, device_with(key(2, "newer"), key(1, "one")));
    EXPECT_EQ(standing(before, same).what, verdict::unchanged);
    auto const closing = change(*same, mac, device_with(key(1, "one", later_window)));
    EXPECT_EQ(standing(same, closing).what, verdict::window_changed);
    EXPECT_EQ(standing(closing, change(*closing, mac, std::nullopt)).what, verdict::gone);
}

TEST(key_standing, of_a_wildcard)
{
    auto const before = open_snapshot(device_with(key(1, "one")));
    EXPECT_EQ(standing(before, open_snapshot(device_with(key(1, "one")))).what, verdict::unchanged);
    EXPECT_EQ(standing(before, open_snapshot(device_with(key(1, "two")))).what, verdict::gone);
    EXPECT_EQ(
        standing(before, open_snapshot(device_with(key(1, "one", later_window)))).what,
        verdict::window_changed
    );
    EXPECT_EQ(standing(before, ring_with(device_with(key(1, "one")))).what, verdict::unchanged)
        << "it is the same key, wherever it stands";
    EXPECT_EQ(standing(before, ring_with(device_with(key(1, "own")))).what, verdict::gone);
    EXPECT_EQ(standing(before, fleet(master(1, "one"))).what, verdict::gone);
}

TEST(key_standing, of_a_derived_key_is_that_of_its_master)
{
    auto const before = fleet(master(1, "a master"));
    auto const derived = keys_derived();
    auto const same = fleet(master(1, "a master"));
    auto const other = fleet(master(1, "another master"));
    auto const renamed = fleet(master(2, "a master"));
    auto const elsewhere = fleet(master(1, "a master", 48));
    auto const closing = fleet(master(1, "a master", 16, later_window));
    auto const made = keys_derived();
    EXPECT_EQ(standing(before, same).what, verdict::unchanged);
    EXPECT_EQ(standing(before, other).what, verdict::gone);
    EXPECT_EQ(standing(before, renamed).what, verdict::gone);
    EXPECT_EQ(standing(before, elsewhere).what, verdict::gone);
    EXPECT_EQ(standing(before, make({})).what, verdict::gone);
    EXPECT_EQ(standing(before, closing).what, verdict::window_changed);
    EXPECT_EQ(standing(before, closing).window, later_window);
    EXPECT_EQ(keys_derived(), made) << "nothing is derived to judge";
    EXPECT_GT(made, derived);
}

TEST(key_standing, of_a_derived_key_ends_with_an_entry_for_the_device)
{
    auto const before = fleet(master(1, "a master"));
    EXPECT_EQ(
        standing(before, fleet(master(1, "a master"), device_with(key(1, "own")))).what,
        verdict::gone
    );
    EXPECT_EQ(
        standing(before, fleet(master(1, "a master"), with_state({}, device_state::disabled))).what,
        verdict::gone
    );
    EXPECT_EQ(
        standing(before, change(*before, mac, with_state({}, device_state::revoked))).what,
        verdict::gone
    );
    auto const other = change(*before, "02:00:00:00:00:02", device_with(key(1, "own")));
    EXPECT_EQ(standing(before, other).what, verdict::unchanged);
    auto const listed = fleet(master(1, "a master"), device_with(key(1, "own")));
    EXPECT_EQ(standing(listed, before).what, verdict::gone) << "its own key is no longer listed";
}

}  // namespace
}  // namespace gatehouse::test
