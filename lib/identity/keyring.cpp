#include "identity/keyring.h"

#include <algorithm>
#include <utility>

namespace gatehouse::identity {

namespace {

key_state state_of(key_window const& window, wall_time now) noexcept
{
    if (now < window.not_before)
        return key_state::pending;
    if (now >= window.not_after)
        return key_state::expired;
    return window.not_after - now <= expiring_within ? key_state::expiring : key_state::active;
}

}  // namespace

keyring::keyring(parts contents, secret_bytes decoy)
    : contents_{std::move(contents)}
    , decoy_{std::move(decoy)}
{
    auto const take_in = [this](psk_device const& device) {
        trials_ = std::max(trials_, device.keys.size());
        for (auto const& key : device.keys)
            windows_.push_back(key.window);
    };
    for (auto const& [id, device] : contents_.devices)
        take_in(device);
    if (contents_.wildcard)
        take_in(*contents_.wildcard);
}

psk_device const* keyring::find(device_id const& id) const noexcept
{
    auto const found = contents_.devices.find(id);
    if (found != contents_.devices.end())
        return &found->second;
    return contents_.wildcard ? &*contents_.wildcard : nullptr;
}

std::size_t keyring::count(key_state state, wall_time now) const noexcept
{
    auto const counted = std::count_if(windows_.begin(), windows_.end(), [&](auto const& window) {
        return state_of(window, now) == state;
    });
    return static_cast<std::size_t>(counted);
}

}  // namespace gatehouse::identity
