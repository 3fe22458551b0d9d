#include "gateway/device_directory.h"

#include <algorithm>

namespace gatehouse {

std::uint8_t home_of(identity::device_id const& device, std::size_t workers) noexcept
{
    return static_cast<std::uint8_t>(hash_value(device) % workers);
}

void device_directory::opened(identity::device_id const& device, place where)
{
    devices_[device].push_back(where);
}

void device_directory::closed(identity::device_id const& device, session_id session)
{
    auto const found = devices_.find(device);
    if (found == devices_.end())
        return;
    auto& known = found->second;
    auto const gone = std::find_if(known.begin(), known.end(), [&](place const& at) {
        return at.session == session;
    });
    if (gone != known.end())
        known.erase(gone);
    if (known.empty())
        devices_.erase(found);
}

std::optional<session_id> device_directory::newest(
    identity::device_id const& device, std::size_t backend
) const
{
    auto const found = devices_.find(device);
    if (found == devices_.end())
        return std::nullopt;
    auto const& known = found->second;
    auto const last = std::find_if(known.rbegin(), known.rend(), [&](place const& at) {
        return at.backend == backend;
    });
    if (last == known.rend())
        return std::nullopt;
    return last->session;
}

}  // namespace gatehouse
