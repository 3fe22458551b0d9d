#include "gateway/device_directory.h"

#include <algorithm>

namespace gatehouse {

std::uint8_t home_of(identity::device_id const& device, std::size_t workers) noexcept
{
    return static_cast<std::uint8_t>(hash_value(device) % workers);
}

void device_directory::opened(identity::device_id const& device, place where)
{
    auto const [found, is_new] = newest_.try_emplace(device);
    auto& first = found->second;
    if (!is_new) {
        older_[device].push_back({first.newest, first.backend});
        first.has_older = true;
    }
    first.newest = where.session;
    first.backend = static_cast<std::uint32_t>(where.backend);
}

void device_directory::closed(identity::device_id const& device, session_id session)
{
    auto const found = newest_.find(device);
    if (found == newest_.end())
        return;
    auto& first = found->second;
    if (!first.has_older) {
        if (first.newest == session)
            newest_.erase(found);
        return;
    }
    auto const rest = older_.find(device);
    auto& older = rest->second;
    if (first.newest == session) {
        first.newest = older.back().session;
        first.backend = static_cast<std::uint32_t>(older.back().backend);
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

std::optional<session_id> device_directory::newest(
    identity::device_id const& device, std::size_t backend
) const
{
    auto const found = newest_.find(device);
    if (found == newest_.end())
        return std::nullopt;
    auto const& first = found->second;
    if (first.backend == backend)
        return first.newest;
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
    auto const found = newest_.find(device);
    if (found == newest_.end())
        return all;
    if (found->second.newest != than)
        all.push_back(found->second.newest);
    if (!found->second.has_older)
        return all;
    auto const& older = older_.find(device)->second;
    for (auto at = older.rbegin(); at != older.rend() && all.size() < most_others; ++at)
        if (at->session != than)
            all.push_back(at->session);
    return all;
}

}  // namespace gatehouse
