#include "config/credential_kind.h"

#include "config/protocol_type.h"

#include <string>

namespace gatehouse::config {

std::optional<yaml_node> find_devices(yaml_map& top, std::string_view missing)
{
    auto const devices = top.find("devices");
    if (devices && devices->kind() != yaml_kind::nothing)
        return devices;
    auto& report = top.report();
    if (devices)
        report.at(devices->where(), "\"devices\" is empty" + std::string{no_empty_fleet});
    else if (!missing.empty())
        report.at(top.where(), std::string{missing} + std::string{no_empty_fleet});
    return std::nullopt;
}

credential_kind const* kind_of_set(settings const& all, std::string_view set)
{
    for (auto const& listener : all.listeners)
        if (listener.credentials == set)
            return listener.protocol->facts().keys;
    return nullptr;
}

}  // namespace gatehouse::config
