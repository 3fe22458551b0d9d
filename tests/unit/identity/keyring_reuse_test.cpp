#include "identity/key_standing.h"
#include "identity/keyring_reuse.h"
#include "keyring_fixture.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <functional>
#include <map>

namespace gatehouse::test {
namespace {

using identity::device_id;
using identity::device_state;
using identity::keyring;
using identity::psk_device;
using identity::reuse;

std::string numbered(int device)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "02:00:00:00:%02x:%02x", device >> 8, device & 0xff);
    return text.data();
}

using fleet = std::map<std::string, psk_device>;

fleet fleet_of(int devices)
{
    fleet made;
    for (int i = 0; i < devices; ++i)
        made.emplace(numbered(i), device_with(key(0, "key of " + numbered(i))));
    return made;
}

std::shared_ptr<keyring const> ring_of(
    fleet const& devices,
    std::vector<std::string> key_ids = {"2026-11", "2026-05"},
    std::function<void(keyring::parts&)> const& more = [](auto&) {}
)
{
    keyring::parts parts;
    parts.key_ids = std::move(key_ids);
    for (auto const& [id, device] : devices)
        parts.devices.add(id_of(id), device);
    more(parts);
    return make(std::move(parts));
}

// What a keyring says, as text.
std::map<std::string, std::string> said_by(keyring const& ring)
{
    std::map<std::string, std::string> said;
    ring.for_each_device([&](device_id const& id, identity::listed_device const& device) {
        auto& text = said[id.text()];
        text = std::string{device.name()} + '/' + std::to_string(static_cast<int>(device.state()));
        for (std::size_t i = 0; i < device.key_count(); ++i) {
            auto const key = device.key(i);
            text += '/' + ring.key_ids()[key.id] + std::to_string(static_cast<int>(key.mark)) +
                    std::to_string(key.window.not_after.time_since_epoch().count()) +
                    std::string{as_text(key.value)};
        }
    });
    return said;
}

TEST(keyring_reuse, gives_the_old_one_back_when_nothing_changed)
{
    auto const before = ring_of(fleet_of(300));
    EXPECT_EQ(reuse(before, ring_of(fleet_of(300))), before);
}

TEST(keyring_reuse, shares_all_but_what_changed)
{
    auto devices = fleet_of(300);
    auto const before = ring_of(devices);
    devices.erase(numbered(7));
    devices.at(numbered(8)).keys[0].value = secret_bytes{text_bytes("another key")};
    devices.at(numbered(9)).keys[0].window.not_after = noon;
    devices.at(numbered(10)).state = device_state::disabled;
    devices.at(numbered(11)).name = "boiler";
    devices.at(numbered(12)).keys[0].revoked = true;
    devices.at(numbered(13)).keys[0].id = 1;
    devices.emplace(numbered(300), device_with(key(1, "new")));
    auto const read = ring_of(devices);
    auto const made = reuse(before, read);

    EXPECT_NE(made, read);
    EXPECT_EQ(said_by(*made), said_by(*read));
    EXPECT_EQ(made->device_count(), read->device_count());
    EXPECT_EQ(made->counts(noon - day)[identity::key_state::active], 300U - 3);
    for (int i = 0; i < 300; ++i)
        EXPECT_EQ(before->surely_agrees(*made, id_of(numbered(i))), i < 7 || i > 13) << i;
}

TEST(keyring_reuse, knows_new_key_ids)
{
    auto devices = fleet_of(3);
    auto const before = ring_of(devices);
    auto const ids = std::vector<std::string>{"2026-11", "2026-05", "2027-01"};
    EXPECT_EQ(reuse(before, ring_of(devices, ids))->key_ids(), ids);
    devices.at(numbered(1)).keys[0].id = 2;
    auto const made = reuse(before, ring_of(devices, ids));
    EXPECT_EQ(made->key_ids(), ids);
    EXPECT_EQ(said_by(*made), said_by(*ring_of(devices, ids)));
    EXPECT_TRUE(before->surely_agrees(*made, id_of(numbered(2))));
}

TEST(keyring_reuse, takes_what_was_read_when_much_changed)
{
    auto devices = fleet_of(300);
    auto const before = ring_of(devices);
    for (auto& [id, device] : devices)
        device.keys[0].value = secret_bytes{text_bytes("rotated " + id)};
    auto const read = ring_of(devices);
    EXPECT_EQ(reuse(before, read), read);
    auto const nobody = ring_of({});
    EXPECT_EQ(reuse(before, nobody), nobody) << "all are gone";
}

TEST(keyring_reuse, takes_what_was_read_when_unlisted_devices_are_treated_otherwise)
{
    auto const devices = fleet_of(3);
    auto const with = [&](std::function<void(keyring::parts&)> const& more) {
        return ring_of(devices, {"2026-11", "2026-05"}, more);
    };
    auto const of_master = [&](std::string_view secret) {
        return with([=](auto& parts) { parts.masters.push_back(master(1, secret)); });
    };
    auto const of_wildcard = [&](std::string_view secret) {
        return with([=](auto& parts) { parts.wildcard = device_with(key(1, secret)); });
    };
    auto const plain = ring_of(devices);
    auto const derived = of_master("a");
    auto const open = of_wildcard("a");
    EXPECT_EQ(reuse(derived, of_master("a")), derived);
    EXPECT_EQ(reuse(open, of_wildcard("a")), open);
    for (auto const& [before, read] : {
             std::pair{plain, derived},
             std::pair{derived, plain},
             std::pair{derived, of_master("b")},
             std::pair{plain, open},
             std::pair{open, plain},
             std::pair{open, of_wildcard("b")},
         })
        EXPECT_EQ(reuse(before, read), read);
}

}  // namespace
}  // namespace gatehouse::test
