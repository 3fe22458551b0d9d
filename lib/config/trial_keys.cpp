#include "config/trial_keys.h"

#include <algorithm>
#include <string>

namespace gatehouse::config {

void check_trial_keys(
    settings const& all,
    std::vector<std::shared_ptr<identity::keyring const>> const& rings,
    problems& found
)
{
    for (auto const& listener : all.listeners) {
        if (listener.protocol != protocol::spp)
            continue;
        auto const set = std::find_if(all.credentials.begin(), all.credentials.end(), [&](auto& s) {
            return s.name == listener.credentials;
        });
        auto const place = static_cast<std::size_t>(set - all.credentials.begin());
        if (set == all.credentials.end() || place >= rings.size() || !rings[place])
            continue;
        auto const most = rings[place]->peer_sources().most();
        if (most <= listener.spp.trial_keys)
            continue;
        found.push_back(
            {set->file,
             0,
             0,
             "a hello of protocol spp does not name its key: listener \"" + listener.name +
                 "\" would have to try the keys of up to " + std::to_string(most) +
                 " devices for one, and its \"trial_keys\" is " +
                 std::to_string(listener.spp.trial_keys) +
                 "; give the devices ranges of addresses (\"from\"), raise \"trial_keys\", or make "
                 "one listener with its own credentials for each group of devices"}
        );
    }
}

}  // namespace gatehouse::config
