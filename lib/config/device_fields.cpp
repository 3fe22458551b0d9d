#include "config/device_fields.h"

#include "config/fields.h"
#include "config/secret_text.h"

#include <string>

namespace gatehouse::config {

bool note_line(device_lines& lines, yaml_node device, complaints& report)
{
    auto const name = std::string{device.text()};
    auto const [earlier, is_first] = lines.emplace(name, device.where().line);
    if (!is_first)
        report.at(
            device.where(),
            "device " + name + " stands in line " + std::to_string(earlier->second) + " already"
        );
    return is_first;
}

void read_device_name(yaml_map& device, identity::psk_device& into)
{
    if (!read_text(device, "name", into.name) ||
        (into.name.size() <= identity::longest_device_name && !looks_like_secret(into.name)))
        return;
    device.report().at(
        device.find("name")->where(),
        "the name of a device is public and has at most " +
            std::to_string(identity::longest_device_name) + " bytes"
    );
    into.name.clear();
}

void read_device_state(yaml_map& device, identity::psk_device& into)
{
    bool enabled = true;
    bool revoked = false;
    read_flag(device, "enabled", enabled);
    read_flag(device, "revoked", revoked);
    if (revoked)
        into.state = identity::device_state::revoked;
    else if (!enabled)
        into.state = identity::device_state::disabled;
}

}  // namespace gatehouse::config
