#include "config/device_fields.h"

#include "config/fields.h"
#include "config/secret_text.h"

#include <string>

namespace gatehouse::config {

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
