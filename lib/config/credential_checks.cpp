#include "config/credential_checks.h"

#include "config/protocol_type.h"

#include <algorithm>

namespace gatehouse::config {

void check_credentials_in_use(
    settings const& all,
    std::vector<std::shared_ptr<identity::keyring const>> const& rings,
    problems& found
)
{
    for (auto const& listener : all.listeners) {
        auto const set = std::find_if(all.credentials.begin(), all.credentials.end(), [&](auto& s) {
            return s.name == listener.credentials;
        });
        auto const slot = static_cast<std::size_t>(set - all.credentials.begin());
        if (set != all.credentials.end() && slot < rings.size() && rings[slot])
            listener.protocol->check_credentials(listener, *rings[slot], set->file, found);
    }
}

}  // namespace gatehouse::config
