#include "gateway/device_directory.h"

#include <algorithm>

namespace gatehouse {

std::uint8_t home_of(identity::device_id const& device, std::size_t workers) noexcept
{
    return static_cast<std::uint8_t>(hash_value(device) % workers);
}

void device_directory::set_newest(known& of, location const& where)
{
    of.newest = where.session.bytes();
    of.backend = static_cast<std::uint16_t>(where.backend);
    of.listener = static_cast<std::uint16_t>(where.listener % most_listeners);
}

key_use& device_directory::use_of(std::size_t credentials, identity::key_index key)
{
    uses_.resize(std::max(uses_.size(), credentials + 1));
    auto& keys = uses_[credentials];
    keys.resize(std::max<std::size_t>(keys.size(), key + std::size_t{1}));
    return keys[key];
}

void device_directory::opened(device_sighting const& shown, std::size_t backend)
{
    bool const is_new = newest_.find(shown.device) == nullptr;
    auto& first = newest_[shown.device];
    if (!is_new)
        --use_of(credentials_of(first), first.key).seen;
    credentials_.resize(std::max(credentials_.size(), shown.listener + 1));
    credentials_[shown.listener] = static_cast<std::uint8_t>(shown.credentials);
    auto& use = use_of(shown.credentials, shown.key);
    ++use.seen;
    use.last = std::max(use.last, shown.when);
    if (auto const before = session_id{first.newest}; before != session_id{}) {
        older_[shown.device].push_back({before, first.backend, first.listener});
        first.has_older = 1;
    }
    first.key = shown.key;
    first.when = shown.when;
    first.is_request = shown.is_request ? 1 : 0;
    set_newest(first, {shown.session, backend, shown.listener});
}

void device_directory::closed(identity::device_id const& device, session_id session)
{
    auto* const found = newest_.find(device);
    if (found == nullptr)
        return;
    auto& first = *found;
    bool const was_newest = session_id{first.newest} == session;
    if (first.has_older == 0) {
        if (!was_newest)
            return;
        first.newest = {};
        if (newest_.size() <= most_remembered)
            return;
        --use_of(credentials_of(first), first.key).seen;
        newest_.erase(device);
        return;
    }
    auto const rest = older_.find(device);
    auto& older = rest->second;
    if (was_newest) {
        set_newest(first, older.back());
        older.pop_back();
    } else {
        auto const gone = std::find_if(older.begin(), older.end(), [&](location const& at) {
            return at.session == session;
        });
        if (gone != older.end())
            older.erase(gone);
    }
    if (older.empty()) {
        older_.erase(rest);
        first.has_older = 0;
    }
}

std::optional<device_sighting> device_directory::sighting_of(identity::device_id const& device
) const
{
    auto const* const found = newest_.find(device);
    if (found == nullptr)
        return std::nullopt;
    auto const& last = *found;
    return device_sighting{
        .device = device,
        .credentials = credentials_of(last),
        .key = last.key,
        .when = last.when,
        .session = session_id{last.newest},
        .listener = last.listener,
    };
}

bool device_directory::has_several_requests(identity::device_id const& device) const
{
    auto const* const found = newest_.find(device);
    return found != nullptr && found->is_request != 0 && found->has_older != 0;
}

std::vector<key_use> device_directory::uses_of(std::size_t credentials) const
{
    return credentials < uses_.size() ? uses_[credentials] : std::vector<key_use>{};
}

std::optional<session_id> device_directory::newest(
    identity::device_id const& device, std::size_t backend
) const
{
    auto const* const found = newest_.find(device);
    if (found == nullptr)
        return std::nullopt;
    auto const& first = *found;
    if (first.newest == decltype(first.newest){})
        return std::nullopt;
    if (first.backend == backend)
        return session_id{first.newest};
    if (first.has_older == 0)
        return std::nullopt;
    auto const& older = older_.find(device)->second;
    auto const last = std::find_if(older.rbegin(), older.rend(), [&](location const& at) {
        return at.backend == backend;
    });
    if (last == older.rend())
        return std::nullopt;
    return last->session;
}

std::vector<session_id> device_directory::others(identity::device_id const& device, session_id than)
    const
{
    std::vector<session_id> all;
    auto const* const found = newest_.find(device);
    if (found == nullptr)
        return all;
    auto const newest = session_id{found->newest};
    if (newest != than && newest != session_id{})
        all.push_back(newest);
    if (found->has_older == 0)
        return all;
    auto const& older = older_.find(device)->second;
    for (auto at = older.rbegin(); at != older.rend() && all.size() < most_others; ++at)
        if (at->session != than)
            all.push_back(at->session);
    return all;
}

std::vector<session_id> device_directory::surplus(
    identity::device_id const& device, std::size_t listener, std::size_t most
) const
{
    std::vector<session_id> all;
    auto const* const found = newest_.find(device);
    if (found == nullptr)
        return all;
    auto const look = [&](session_id session, std::size_t of) {
        if (of != listener % most_listeners || session == session_id{})
            return;
        if (most > 0)
            --most;
        else
            all.push_back(session);
    };
    look(session_id{found->newest}, found->listener);
    if (found->has_older == 0)
        return all;
    auto const& older = older_.find(device)->second;
    std::for_each(older.rbegin(), older.rend(), [&](location const& at) {
        look(at.session, at.listener);
    });
    return all;
}

std::vector<session_id> device_directory::in_the_way(
    identity::device_id const& device, std::size_t listener, std::size_t most
) const
{
    if (most == 0)
        return {};
    auto goes = surplus(device, listener, most - 1);
    if (!goes.empty())
        return goes;
    auto const all = surplus(device, listener, 0);
    if (!all.empty())
        goes.push_back(all.back());
    return goes;
}

}  // namespace gatehouse
