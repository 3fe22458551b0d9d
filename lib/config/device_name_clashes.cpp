#include "config/device_name_clashes.h"

#include "config/complaints.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>

namespace gatehouse::config {

namespace {

std::set<std::string> backends_of(settings const& all, std::string const& set)
{
    std::set<std::string> names;
    for (auto const& listener : all.listeners)
        if (listener.credentials == set)
            names.insert(listener.backend);
    return names;
}

bool share_a_backend(settings const& all, std::string const& one, std::string const& other)
{
    auto const theirs = backends_of(all, other);
    auto const mine = backends_of(all, one);
    return std::any_of(mine.begin(), mine.end(), [&](auto const& name) {
        return theirs.contains(name);
    });
}

bool is_keyed(std::shared_ptr<identity::keyring const> const& ring)
{
    return ring && ring->kind() != identity::key_kind::psk;
}

}  // namespace

void warn_about_device_names(
    settings const& all,
    std::vector<std::shared_ptr<identity::keyring const>> const& rings,
    problems& warnings
)
{
    for (std::size_t later = 1; later < rings.size(); ++later) {
        for (std::size_t first = 0; first < later; ++first) {
            auto const& one = all.credentials[first];
            auto const& other = all.credentials[later];
            if (!is_keyed(rings[first]) || !is_keyed(rings[later]) ||
                !share_a_backend(all, one.name, other.name))
                continue;
            complaints warned{other.file, warnings, quoting::forbidden};
            for (auto const& peer : rings[later]->peers())
                if (rings[first]->find_listed(peer.device))
                    warned.warn(
                        {0, 0},
                        "one name for two devices",
                        peer.device.text(),
                        "it stands in the credentials \"" + one.name +
                            "\" too, whose listeners have the same backend: a command by this "
                            "name reaches the one that came last; give one another name"
                    );
            warned.finish();
        }
    }
}

}  // namespace gatehouse::config
