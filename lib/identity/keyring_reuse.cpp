#include "identity/keyring_reuse.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace gatehouse::identity {

namespace {

psk_device copy_of(listed_device const& device)
{
    psk_device made;
    made.name = device.name();
    made.legacy_session_id = device.legacy_session_id();
    made.state = device.state();
    for (std::size_t i = 0; i < device.key_count(); ++i) {
        auto const key = device.key(i);
        made.keys.push_back(
            {key.id, key.window, secret_bytes{key.value}, key.mark == key_mark::revoked}
        );
    }
    return made;
}

// What leads from one to the other, if that is little.
std::optional<keyring_changes> few_changes(keyring const& from, keyring const& to)
{
    keyring_changes made;
    std::size_t common = 0;
    std::size_t const most = keyring::changes_before_packing(from.device_count());
    to.for_each_device([&](device_id const& id, listed_device const& device) {
        if (made.devices.size() > most)
            return;
        auto const was = from.find_listed(id);
        common += was ? 1U : 0U;
        if (!was || !same_device(*was, device))
            made.devices.emplace_back(id, copy_of(device));
    });
    if (made.devices.size() + from.device_count() - common > most)
        return std::nullopt;
    if (common < from.device_count())
        from.for_each_device([&](device_id const& id, listed_device const&) {
            if (!to.find_listed(id))
                made.devices.emplace_back(id, std::nullopt);
        });
    return made;
}

bool goes_on(std::vector<std::string> const& before, std::vector<std::string> const& after)
{
    return after.size() >= before.size() && std::equal(before.begin(), before.end(), after.begin());
}

}  // namespace

std::shared_ptr<keyring const> reuse(
    std::shared_ptr<keyring const> const& before, std::shared_ptr<keyring const> read
)
{
    if (!goes_on(before->key_ids(), read->key_ids()) || !before->agrees_on_unlisted(*read))
        return read;
    auto changes = few_changes(*before, *read);
    if (!changes)
        return read;
    if (changes->devices.empty() && before->key_ids() == read->key_ids())
        return before;
    changes->key_ids = read->key_ids();
    return before->with(std::move(*changes));
}

}  // namespace gatehouse::identity
