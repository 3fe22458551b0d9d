#include "credential_text.h"

#include "base/hex.h"
#include "config/credentials.h"
#include "json_time.h"

#include <boost/json/serialize.hpp>

#include <string_view>

namespace gatehouse {

namespace {

// In quotes, as YAML and JSON both read it.
std::string yaml_quoted(std::string_view text)
{
    return boost::json::serialize(boost::json::string{text});
}

std::string text_of(wall_time when)
{
    return std::string{json_time(when).as_string()};
}

void write_key(store::stored_key const& key, std::string& into)
{
    into += "      - {id: " + yaml_quoted(key.id) +
            ", secret: \"hex:" + to_hex(key.secret.expose()) + '"';
    if (key.window.not_before != wall_time::min())
        into += ", not_before: \"" + text_of(key.window.not_before) + '"';
    if (key.window.not_after != wall_time::max())
        into += ", not_after: \"" + text_of(key.window.not_after) + '"';
    into += "}\n";
}

}  // namespace

void write_device(store::stored_device const& device, std::string& into)
{
    std::string keys;
    bool weak = false;
    for (auto const& key : device.keys)
        if (!key.revoked_at) {
            write_key(key, keys);
            weak = weak || key.secret.expose().size() < identity::shortest_psk;
        }
    if (keys.empty())
        return;
    into += "  " + yaml_quoted(device.id.text()) + ":\n";
    if (!device.name.empty())
        into += "    name: " + yaml_quoted(device.name) + '\n';
    if (device.access == store::device_access::disabled)
        into += "    enabled: false\n";
    if (weak)
        into += "    weak: accept\n";
    if (device.legacy_session_id != identity::session_id_length::unknown)
        into += "    session_id_bytes: " +
                std::to_string(static_cast<unsigned>(device.legacy_session_id)) + '\n';
    into += "    psk:\n" + keys;
}

std::vector<store::new_device> devices_of(identity::keyring const& ring)
{
    std::vector<store::new_device> all;
    ring.for_each_device([&](identity::device_id const& id, identity::listed_device const& listed) {
        store::new_device made;
        made.id = id;
        made.name = listed.name();
        made.legacy_session_id = listed.legacy_session_id();
        if (listed.state() != identity::device_state::enabled)
            made.access = store::device_access::disabled;
        for (std::size_t i = 0; i < listed.key_count(); ++i) {
            auto const key = listed.key(i);
            if (key.mark != identity::key_mark::revoked)
                made.keys.push_back({ring.key_ids()[key.id], secret_bytes{key.value}, key.window});
        }
        all.push_back(std::move(made)
        );  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): all owns it
    });
    return all;
}

}  // namespace gatehouse
