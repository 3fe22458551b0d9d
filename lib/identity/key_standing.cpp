#include "identity/key_standing.h"

#include "crypto/equal.h"

#include <algorithm>
#include <optional>

namespace gatehouse::identity {

namespace {

// A key that is accepted apart from its window, or the master that it would be derived from.
struct held_key {
    enum class source : std::uint8_t { entry, master };

    source from = source::entry;
    key_window window;
    bytes value;
};

std::optional<held_key> held_in(listed_device const& entry, key_index key)
{
    for (std::size_t i = 0; i < entry.key_count(); ++i)
        if (auto const one = entry.key(i); one.id == key && one.mark == key_mark::accepted)
            return held_key{held_key::source::entry, one.window, one.value};
    return std::nullopt;
}

std::optional<held_key> held_by(keyring const& ring, device_id const& device, key_index key)
{
    if (auto const entry = ring.find_listed(device))
        return held_in(*entry, key);
    bool covered = false;
    for (auto const& master : ring.masters()) {
        if (!master.devices.covers(device))
            continue;
        covered = true;
        if (master.id == key)
            return held_key{held_key::source::master, master.window, master.extracted.expose()};
    }
    // In keyed sets it is the one of anonymous requests.
    if (ring.kind() != key_kind::psk && device != anonymous_device())
        return std::nullopt;
    auto const entry = ring.wildcard();
    return entry && !covered ? held_in(*entry, key) : std::nullopt;
}

// In keyed sets: is the gateway key under this id the same one?
bool same_gateway_key(keyring const& before, keyring const& now, key_index key)
{
    auto const key_in = [&](keyring const& ring) {
        auto const& all = ring.gateway_keys();
        auto const found =
            std::find_if(all.begin(), all.end(), [&](auto const& one) { return one.id == key; });
        return found != all.end() ? std::optional{found->public_key} : std::nullopt;
    };
    return before.kind() == now.kind() && key_in(before) == key_in(now);
}

}  // namespace

key_standing standing_of(
    keyring const& before, keyring const& now, device_id const& device, key_index key
)
{
    using verdict = key_standing::verdict;
    if (before.surely_agrees(now, device))
        return {};
    auto const then = held_by(before, device, key);
    auto const still = held_by(now, device, key);
    if (!same_gateway_key(before, now, key))
        return {verdict::gone, {}};
    if (!then || !still || then->from != still->from || !crypto::equal(then->value, still->value))
        return {verdict::gone, {}};
    if (then->window == still->window)
        return {};
    return {verdict::window_changed, still->window};
}

std::optional<key_window> window_of(keyring const& now, device_id const& device, key_index key)
{
    auto const held = held_by(now, device, key);
    return held ? std::optional{held->window} : std::nullopt;
}

}  // namespace gatehouse::identity
