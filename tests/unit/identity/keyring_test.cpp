#include "identity/keyring.h"
#include "support/byte_string.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace gatehouse::test {
namespace {

using identity::key_state;
using identity::key_window;
using identity::keyring;

constexpr wall_time noon{std::chrono::seconds{1'800'000'000}};
constexpr std::chrono::seconds second{1};
constexpr std::chrono::days day{1};

identity::device_id id_of(std::string_view mac)
{
    return *identity::device_id::parse_mac(mac);
}

// A device with a key for each window.
identity::psk_device device_with(std::vector<key_window> const& windows)
{
    identity::psk_device made;
    for (auto const& window : windows)
        made.keys.push_back({0, window, secret_bytes{text_bytes("0123456789abcdef")}});
    return made;
}

keyring make(keyring::parts parts)
{
    return keyring{std::move(parts), secret_bytes{text_bytes("decoy")}};
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
    parts.devices.emplace(id_of("02:00:00:00:00:01"), device_with({{}}));
    parts.devices.emplace(id_of("02:00:00:00:00:02"), device_with({{}, {}}));
    auto const ring = make(std::move(parts));
    EXPECT_EQ(ring.device_count(), 2U);
    EXPECT_FALSE(ring.has_wildcard());
    ASSERT_NE(ring.find(id_of("02:00:00:00:00:02")), nullptr);
    EXPECT_EQ(ring.find(id_of("02:00:00:00:00:02"))->keys.size(), 2U);
    EXPECT_EQ(ring.find(id_of("02:00:00:00:00:03")), nullptr);
    EXPECT_EQ(ring.find({}), nullptr);
}

TEST(keyring, a_devices_own_entry_wins_over_the_wildcard)
{
    keyring::parts parts;
    parts.devices.emplace(id_of("02:00:00:00:00:01"), device_with({{}}));
    parts.wildcard = device_with({{}, {}});
    auto const ring = make(std::move(parts));
    EXPECT_TRUE(ring.has_wildcard());
    EXPECT_EQ(ring.device_count(), 1U);
    EXPECT_EQ(ring.find(id_of("02:00:00:00:00:01"))->keys.size(), 1U);
    ASSERT_NE(ring.find(id_of("02:00:00:00:00:03")), nullptr);
    EXPECT_EQ(ring.find(id_of("02:00:00:00:00:03"))->keys.size(), 2U);
}

TEST(keyring, trials_are_the_most_keys_of_any_device)
{
    EXPECT_EQ(make({}).trials(), 1U);
    keyring::parts parts;
    parts.devices.emplace(id_of("02:00:00:00:00:01"), device_with({{}}));
    parts.devices.emplace(id_of("02:00:00:00:00:02"), device_with({{}, {}, {}}));
    parts.wildcard = device_with({{}, {}});
    EXPECT_EQ(make(std::move(parts)).trials(), 3U);

    keyring::parts with_wildcard;
    with_wildcard.devices.emplace(id_of("02:00:00:00:00:01"), device_with({{}}));
    with_wildcard.wildcard = device_with({{}, {}, {}, {}});
    EXPECT_EQ(make(std::move(with_wildcard)).trials(), 4U);
}

TEST(keyring, keeps_names_and_decoy)
{
    keyring::parts parts;
    parts.key_ids = {"2026-11", "2025-11"};
    auto const ring = make(std::move(parts));
    EXPECT_EQ(ring.key_ids(), (std::vector<std::string>{"2026-11", "2025-11"}));
    EXPECT_EQ(text_of(ring.decoy()), "decoy");
}

TEST(keyring, counts_keys_by_state)
{
    keyring::parts parts;
    parts.devices.emplace(
        id_of("02:00:00:00:00:01"),
        device_with({
            {},                                 // for ever
            {noon, noon + 100 * day},           // active
            {noon + second, noon + 100 * day},  // pending
            {noon - day, noon},                 // expired
            {noon - day, noon + 7 * day},       // expiring
            {noon - day, noon + second},        // expiring
        })
    );
    parts.wildcard = device_with({{noon - day, noon + 7 * day + second}});  // active
    auto const ring = make(std::move(parts));
    EXPECT_EQ(ring.count(key_state::active, noon), 3U);
    EXPECT_EQ(ring.count(key_state::pending, noon), 1U);
    EXPECT_EQ(ring.count(key_state::expired, noon), 1U);
    EXPECT_EQ(ring.count(key_state::expiring, noon), 2U);
    EXPECT_EQ(ring.count(key_state::expired, noon + 101 * day), 6U);
}

}  // namespace
}  // namespace gatehouse::test
