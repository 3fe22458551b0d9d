#include "identity/key_standing.h"
#include "keyring_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gatehouse::test {
namespace {

using identity::device_id;
using identity::device_state;
using identity::gateway_key;
using identity::key_index;
using identity::key_mark;
using identity::key_window;
using identity::keyring;
using identity::public_key;
using identity::standing_of;
using verdict = identity::key_standing::verdict;

public_key key_of(std::uint8_t fill)
{
    public_key made{};
    made.fill(fill);
    return made;
}

// A set as a reader makes it.
class keyed_set {
public:
    keyed_set()
    {
        parts_.kind = identity::key_kind::x25519;
        parts_.key_ids = {"g1", "g2"};
    }

    keyed_set& gateway(key_index id, std::uint8_t fill, key_window window = {})
    {
        gateway_key made;
        made.id = id;
        made.window = window;
        made.private_key = identity::private_key::from(key_of(fill));
        made.public_key = key_of(fill);
        parts_.gateway_keys.push_back(std::move(made));
        return *this;
    }

    keyed_set& revoke_newest()
    {
        parts_.gateway_keys.back().mark = key_mark::revoked;
        return *this;
    }

    keyed_set& device(
        std::string_view name, std::uint8_t fill, device_state state = device_state::enabled
    )
    {
        identity::psk_device entry;
        entry.state = state;
        for (auto const& one : parts_.gateway_keys)
            entry.keys.push_back(
                {one.id, one.window, secret_bytes{key_of(fill)}, one.mark == key_mark::revoked}
            );
        auto const id = device_id::from_name(name);
        parts_.devices.add(id, entry);
        parts_.peers.push_back({{key_of(fill), id}, {}});
        return *this;
    }

    keyed_set& anonymous()
    {
        parts_.anonymous = true;
        return *this;
    }

    std::shared_ptr<keyring const> ring() { return make(std::move(parts_)); }

private:
    keyring::parts parts_;
};

device_id const meter = device_id::from_name("meter-4");

verdict becomes(keyring const& before, keyring const& now, key_index key = 0)
{
    return standing_of(before, now, meter, key).what;
}

TEST(keyed_keyring, finds_devices_by_public_key)
{
    auto const ring = keyed_set{}
                          .gateway(1, 0xa1)
                          .gateway(0, 0xa0)
                          .device("meter-4", 4)
                          .device("meter-9", 9)
                          .device("a-meter-of-many-letters", 7)
                          .ring();
    EXPECT_EQ(ring->find_peer(key_of(4)), meter);
    EXPECT_EQ(ring->find_peer(key_of(7)), device_id::from_name("a-meter-of-many-letters"));
    EXPECT_FALSE(ring->find_peer(key_of(5)));
    EXPECT_FALSE(ring->find_peer(key_of(0xa1))) << "a gateway's own key is no device's";
    auto const peers = ring->peers();
    EXPECT_TRUE(std::is_sorted(peers.begin(), peers.end(), [](auto const& a, auto const& b) {
        return a.public_key < b.public_key;
    }));
    EXPECT_EQ(peers.size(), 3U);
    EXPECT_EQ(ring->peer_sources().most(), 3U);
    EXPECT_EQ(ring->gateway_keys().front().id, 1U) << "newest first, as they were given";
}

TEST(keyed_keyring, says_which_gateway_key_a_device_may_use)
{
    key_window const over{wall_time::min(), noon};
    auto const ring = keyed_set{}
                          .gateway(1, 0xa1)
                          .gateway(0, 0xa0, over)
                          .device("meter-4", 4)
                          .device("meter-5", 5, device_state::disabled)
                          .device("meter-6", 6, device_state::revoked)
                          .ring();
    auto const accepted = [&](std::string_view name, key_index key, wall_time now) {
        auto const found = ring->peer_key(device_id::from_name(name), key);
        return found && found->accepted_at(now);
    };
    EXPECT_TRUE(accepted("meter-4", 1, noon));
    EXPECT_FALSE(accepted("meter-4", 0, noon)) << "its window has closed";
    EXPECT_TRUE(accepted("meter-4", 0, noon - second));
    EXPECT_FALSE(accepted("meter-4", 2, noon)) << "no gateway key";
    EXPECT_FALSE(accepted("meter-5", 1, noon)) << "disabled";
    EXPECT_FALSE(accepted("meter-6", 1, noon)) << "revoked";
    EXPECT_FALSE(accepted("stranger", 1, noon));
    EXPECT_FALSE(accepted("anonymous", 1, noon)) << "not admitted";
    EXPECT_EQ(to_hex(ring->peer_key(meter, 1)->value), to_hex(key_of(4)));
}

TEST(keyed_keyring, a_revoked_gateway_key_admits_nobody)
{
    auto const ring =
        keyed_set{}.gateway(0, 0xa0).revoke_newest().device("meter-4", 4).anonymous().ring();
    EXPECT_FALSE(ring->peer_key(meter, 0)->accepted_at(noon));
    EXPECT_FALSE(ring->peer_key(identity::anonymous_device(), 0)->accepted_at(noon));
    EXPECT_EQ(ring->count(identity::key_state::active, noon), 0U);
}

TEST(keyed_keyring, gives_no_key_to_provisioning_tools)
{
    auto const ring = keyed_set{}.gateway(0, 0xa0).device("meter-4", 4).anonymous().ring();
    EXPECT_FALSE(ring->derived_for(meter, 0));
    EXPECT_FALSE(ring->derived_for(identity::anonymous_device(), 0));
}

TEST(keyed_keyring, counts_devices_by_gateway_key)
{
    auto const ring = keyed_set{}
                          .gateway(1, 0xa1)
                          .gateway(0, 0xa0)
                          .device("meter-4", 4)
                          .device("meter-5", 5)
                          .ring();
    EXPECT_EQ(ring->counts_by_key(noon)[1][identity::key_state::active], 2U);
    EXPECT_EQ(ring->counts_by_key(noon)[0][identity::key_state::active], 2U);
}

TEST(keyed_keyring, a_session_ends_with_its_device_or_its_gateway_key)
{
    auto const before = keyed_set{}.gateway(0, 0xa0).device("meter-4", 4).ring();
    auto const after = [&](keyed_set& now) { return becomes(*before, *now.ring()); };
    EXPECT_EQ(after(keyed_set{}.gateway(0, 0xa0).device("meter-4", 4)), verdict::unchanged);
    EXPECT_EQ(
        after(keyed_set{}.gateway(1, 0xa1).gateway(0, 0xa0).device("meter-4", 4)),
        verdict::unchanged
    ) << "a newer key does not end the sessions of the old one";
    EXPECT_EQ(after(keyed_set{}.gateway(1, 0xa1).device("meter-4", 4)), verdict::gone);
    EXPECT_EQ(after(keyed_set{}.gateway(0, 0xa7).device("meter-4", 4)), verdict::gone)
        << "another gateway key under the same id";
    EXPECT_EQ(after(keyed_set{}.gateway(0, 0xa0).device("meter-4", 5)), verdict::gone);
    EXPECT_EQ(after(keyed_set{}.gateway(0, 0xa0).device("meter-5", 4)), verdict::gone);
    EXPECT_EQ(
        after(keyed_set{}.gateway(0, 0xa0).revoke_newest().device("meter-4", 4)), verdict::gone
    );
    EXPECT_EQ(
        after(keyed_set{}.gateway(0, 0xa0).device("meter-4", 4, device_state::disabled)),
        verdict::gone
    );
    EXPECT_EQ(after(keyed_set{}.gateway(0, 0xa0).anonymous()), verdict::gone)
        << "that others may be anonymous does not keep a removed device";
    key_window const shorter{wall_time::min(), noon + day};
    EXPECT_EQ(
        after(keyed_set{}.gateway(0, 0xa0, shorter).device("meter-4", 4)), verdict::window_changed
    );
}

TEST(keyed_keyring, anonymous_requests_stand_with_the_gateway_key)
{
    auto const before = keyed_set{}.gateway(0, 0xa0).anonymous().ring();
    auto const after = [&](keyed_set& now) {
        return standing_of(*before, *now.ring(), identity::anonymous_device(), 0).what;
    };
    EXPECT_TRUE(before->peer_key(identity::anonymous_device(), 0)->accepted_at(noon));
    EXPECT_EQ(after(keyed_set{}.gateway(0, 0xa0).anonymous()), verdict::unchanged);
    EXPECT_EQ(
        after(keyed_set{}.gateway(0, 0xa0).device("meter-4", 4).anonymous()), verdict::unchanged
    );
    EXPECT_EQ(after(keyed_set{}.gateway(0, 0xa0)), verdict::gone);
    EXPECT_EQ(after(keyed_set{}.gateway(0, 0xa7).anonymous()), verdict::gone);
    EXPECT_EQ(after(keyed_set{}.gateway(1, 0xa1).anonymous()), verdict::gone);
}

}  // namespace
}  // namespace gatehouse::test
