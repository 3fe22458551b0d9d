#include "gateway/device_directory.h"

#include <algorithm>

namespace gatehouse {

std::uint8_t home_of(identity::device_id const& device, std::size_t workers) noexcept
{
    return static_cast<std::uint8_t>(hash_value(device) % workers);
}

void device_directory::set_newest(known& of, place const& where)
{
    of.newest = where.session.bytes();
    of.backend = static_cast<std::uint16_t>(where.backend);
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
        --use_of(first.credentials, first.key).seen;
    auto& use = use_of(shown.credentials, shown.key);
    ++use.seen;
    use.last = std::max(use.last, shown.when);
    if (auto const before = session_id{first.newest}; before != session_id{}) {
        older_[shown.device].push_back({before, first.backend});
        first.has_older = true;
    }
    first.key = shown.key;
    first.when = shown.when;
    first.credentials = static_cast<std::uint8_t>(shown.credentials);
    first.is_request = shown.is_request;
    set_newest(first, {shown.session, backend});
}

void device_directory::closed(identity::device_id const& device, session_id session)
{
    auto* const found = newest_.find(device);
    if (found == nullptr)
        return;
    auto& first = *found;
    bool const was_newest = session_id{first.newest} == session;
    if (!first.has_older) {
        if (!was_newest)
            return;
        first.newest = {};
        if (newest_.size() <= most_remembered)
            return;
        --use_of(first.credentials, first.key).seen;
        newest_.erase(device);
        return;
    }
    auto const rest = older_.find(device);
    auto& older = rest->second;
    if (was_newest) {
        set_newest(first, older.back());
        older.pop_back();
    } else {
        auto const gone = std::find_if(older.begin(), older.end(), [&](place const& at) {
            return at.session == session;
        });
        if (gone != older.end())
            older.erase(gone);
    }
    if (older.empty()) {
        older_.erase(rest);
        first.has_older = false;
    }
}

std::optional<device_sighting> device_directory::sighting_of(identity::device_id const& device
) const
{
    auto const* const found = newest_.find(device);
    if (found == nullptr)
        return std::nullopt;
    auto const& last = *found;
    return device_sighting{device, last.credentials, last.key, last.when, session_id{last.newest}};
}

bool device_directory::has_several_requests(identity::device_id const& device) const
{
    auto const* const found = newest_.find(device);
    return found != nullptr && found->is_request && found->has_older;
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
    if (!first.has_older)
        return std::nullopt;
    auto const& older = older_.find(device)->second;
    auto const last = std::find_if(older.rbegin(), older.rend(), [&](place const& at) {
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
    if (!found->has_older)
        return all;
    auto const& older = older_.find(device)->second;
    for (auto at = older.rbegin(); at != older.rend() && all.size() < most_others; ++at)
        if (at->session != than)
            all.push_back(at->session);
    return all;
}

}  // namespace gatehouse
