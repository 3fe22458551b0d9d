// The next snapshot of a keyring: what changes, what stays, and what it costs.
#include "identity/keyring.h"
#include "keyring_fixture.h"
#include "support/allocation_counts.h"

#include <gtest/gtest.h>

namespace gatehouse::test {
namespace {

using identity::key_state;
using identity::keyring;
using identity::keyring_changes;

identity::device_id numbered(unsigned number)
{
    std::array<std::uint8_t, 6> const mac{
        2,
        0,
        0,
        static_cast<std::uint8_t>(number >> 16),
        static_cast<std::uint8_t>(number >> 8),
        static_cast<std::uint8_t>(number),
    };
    return identity::device_id::from_mac(mac);
}

std::shared_ptr<keyring const> fleet_of(unsigned devices)
{
    keyring::parts parts;
    parts.key_ids = {"a", "b"};
    for (unsigned i = 0; i < devices; ++i)
        parts.devices.add(numbered(i), device_with(key(0, "secret " + std::to_string(i))));
    parts.wildcard = device_with(key(1, "everybody's"));
    return make(std::move(parts));
}

std::string first_secret(keyring const& ring, identity::device_id const& id)
{
    auto const entry = ring.find_listed(id);
    return entry ? text_of(entry->key(0).value) : "not listed";
}

TEST(keyring_changes, are_in_the_next_snapshot_only)
{
    auto const before = fleet_of(3);
    keyring_changes changes;
    changes.key_ids = {"a", "b", "c"};
    changes.devices.emplace_back(numbered(0), device_with(key(2, "rotated"), key(0, "secret 0")));
    changes.devices.emplace_back(numbered(1), std::nullopt);
    changes.devices.emplace_back(numbered(7), device_with(key(2, "enrolled")));
    changes.devices.emplace_back(numbered(8), std::nullopt);
    auto const now = before->with(std::move(changes));

    EXPECT_EQ(before->device_count(), 3U);
    EXPECT_EQ(before->trials(), 1U);
    EXPECT_EQ(first_secret(*before, numbered(0)), "secret 0");
    EXPECT_EQ(first_secret(*before, numbered(1)), "secret 1");
    EXPECT_EQ(first_secret(*before, numbered(7)), "not listed");

    EXPECT_EQ(now->device_count(), 3U);
    EXPECT_EQ(now->trials(), 2U);
    EXPECT_EQ(now->key_ids(), (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_EQ(first_secret(*now, numbered(0)), "rotated");
    EXPECT_EQ(first_secret(*now, numbered(1)), "not listed");
    EXPECT_EQ(first_secret(*now, numbered(2)), "secret 2");
    EXPECT_EQ(first_secret(*now, numbered(7)), "enrolled");
    EXPECT_EQ(text_of(find(*now, "02:00:00:00:00:01").key(0).value), "everybody's");
    EXPECT_EQ(text_of(now->decoy()), "decoy");

    EXPECT_EQ(now->count(key_state::active, noon), 5U);
    auto const by_key = now->counts_by_key(noon);
    EXPECT_EQ(by_key[0][key_state::active], 2U);
    EXPECT_EQ(by_key[1][key_state::active], 1U);
    EXPECT_EQ(by_key[2][key_state::active], 2U);
}

TEST(keyring_changes, may_be_taken_back)
{
    auto ring = fleet_of(2);
    ring = change(*ring, "02:00:00:00:00:01", std::nullopt);
    EXPECT_EQ(ring->device_count(), 1U);
    ring = change(*ring, "02:00:00:00:00:01", device_with(key(0, "again")));
    ring = change(*ring, "02:00:00:00:00:01", device_with(key(0, "and again")));
    EXPECT_EQ(ring->device_count(), 2U);
    EXPECT_EQ(first_secret(*ring, numbered(1)), "and again");
    ring = change(*ring, "02:00:00:00:00:05", device_with(key(0, "new")));
    ring = change(*ring, "02:00:00:00:00:05", std::nullopt);
    EXPECT_EQ(ring->device_count(), 2U);
    EXPECT_EQ(ring->count(key_state::active, noon), 3U);
}

TEST(keyring_changes, outlive_the_snapshot_that_they_were_made_of)
{
    auto ring = change(*fleet_of(100), "02:00:00:00:00:01", device_with(key(1, "changed")));
    ring = change(*ring, "02:00:00:00:00:02", std::nullopt);
    EXPECT_EQ(first_secret(*ring, numbered(1)), "changed");
    EXPECT_EQ(first_secret(*ring, numbered(3)), "secret 3");
}

TEST(keyring_changes, add_up_to_the_same_however_they_are_packed)
{
    constexpr unsigned size = 1000;
    auto ring = fleet_of(size);
    for (unsigned i = 0; i < size; i += 2) {
        keyring_changes changes;
        if (i % 4 == 0)
            changes.devices.emplace_back(numbered(i), std::nullopt);
        else
            changes.devices.emplace_back(
                numbered(i), device_with(key(1, "rotated " + std::to_string(i)))
            );
        ring = ring->with(std::move(changes));
        ASSERT_EQ(ring->device_count(), size - i / 4 - 1);
    }
    EXPECT_EQ(ring->device_count(), 750U);
    for (unsigned i = 0; i < size; ++i) {
        auto const expected = i % 2 == 1   ? "secret " + std::to_string(i)
                              : i % 4 == 0 ? std::string{"not listed"}
                                           : "rotated " + std::to_string(i);
        ASSERT_EQ(first_secret(*ring, numbered(i)), expected);
    }
    unsigned visited = 0;
    ring->for_each_device([&](auto const&, auto const&) { ++visited; });
    EXPECT_EQ(visited, 750U);
    EXPECT_EQ(ring->counts_by_key(noon)[0][key_state::active], 500U);
    EXPECT_EQ(ring->counts_by_key(noon)[1][key_state::active], 251U);
}

TEST(keyring_changes, of_one_device_do_not_copy_the_others)
{
    auto const ring = fleet_of(20'000);
    auto const before = allocations();
    auto const next = change(*ring, "02:00:00:00:00:01", device_with(key(1, "rotated")));
    EXPECT_LT(allocations() - before, 30U);
    EXPECT_EQ(next->device_count(), 20'000U);
}

}  // namespace
}  // namespace gatehouse::test
