#include "modules/psk_device_reader.h"

#include "config/device_fields.h"
#include "config/fields.h"
#include "config/key_fields.h"

#include <algorithm>
#include <utility>

namespace gatehouse::config {

namespace {

using identity::device_id;
using identity::pre_shared_key;
using identity::psk_device;
using identity::shortest_psk;

constexpr std::string_view any_device = "*";

void read_session_id_length(yaml_map& device, psk_device& into)
{
    static constexpr std::array<choice<identity::session_id_length>, 2> lengths{{
        {"4", identity::session_id_length::four},
        {"16", identity::session_id_length::sixteen},
    }};
    read_choice(device, "session_id_bytes", lengths, into.legacy_session_id);
}

}  // namespace

void psk_device_reader::read(yaml_node devices)
{
    for (auto const& entry : entries_of(devices, "\"devices\"", report_))
        read_entry(entry);
}

void psk_device_reader::read_entry(yaml_entry const& entry)
{
    bool const wildcard = entry.key.text() == any_device;
    auto const id = wildcard ? std::nullopt : device_id::parse_mac(entry.key.text());
    if (!wildcard && !id) {
        report_.at(
            entry.key.where(),
            "a device must be written \"02:00:00:00:00:01\" (its USMP device id), "
            "or \"*\" for all devices that are not listed"
        );
        return;
    }
    // The second of two is read as well: it may have problems of its own.
    bool const first = is_first(id, entry.key);
    auto device = read_device(entry.value, id ? id->text() : std::string{any_device});
    if (!first)
        return;
    if (id) {
        devices_.add(*id, device);
        return;
    }
    wildcard_ = std::move(device);
    if (wildcard_->state != identity::device_state::enabled)
        return;
    warnings_.warn(
        entry.key.where(),
        "wildcard device",
        "*",
        "device \"*\" admits every device that has its key; one stolen device "
        "opens the gateway to all"
    );
}

bool psk_device_reader::is_first(std::optional<device_id> const& id, yaml_node key)
{
    auto const line = key.where().line;
    auto const [earlier, first] = [&]() -> std::pair<int, bool> {
        if (id) {
            auto const [found, made] = lines_.emplace(*id, line);
            return {found->second, made};
        }
        bool const made = !wildcard_line_;
        return {wildcard_line_.emplace(wildcard_line_.value_or(line)), made};
    }();
    if (!first)
        report_.at(
            key.where(),
            "device " + (id ? id->text() : std::string{any_device}) + " stands in line " +
                std::to_string(earlier) + " already"
        );
    return first;
}

psk_device psk_device_reader::read_device(yaml_node node, std::string text)
{
    static constexpr std::array<choice<bool>, 1> weak{{{"accept", true}}};
    device_facts facts{std::move(text)};
    psk_device made;
    yaml_map map{node, "device " + facts.text, report_};
    read_device_name(map, made);
    read_choice(map, "weak", weak, facts.weak_accepted);
    read_session_id_length(map, made);
    read_device_state(map, made);
    read_psk(map, facts, made);
    foreign_.refuse_in_device(map);
    map.finish();
    return made;
}

// Who is shut out needs no keys: that may be one device of a fleet with derived ones.
void psk_device_reader::read_psk(yaml_map& device, device_facts const& facts, psk_device& into)
{
    bool const shut_out = into.state != identity::device_state::enabled;
    auto const list = shut_out ? device.find("psk") : device.require("psk");
    if (!list)
        return;
    bool const is_list = list->kind() == yaml_kind::list;
    if (is_list && (shut_out || list->begin() != list->end()))
        read_keys(*list, facts, into);
    else
        report_.at(
            list->where(),
            "\"psk\" must be a list of at least one key, such as "
            "[{id: \"2026-11\", secret: \"file:device.key\"}]; only a device that says "
            "\"revoked: true\" or \"enabled: false\" may have none"
        );
}

void psk_device_reader::read_keys(yaml_node list, device_facts const& facts, psk_device& into)
{
    for (auto const node : list) {
        auto key = read_key(node, facts);
        if (!key)
            continue;
        bool const twice = std::any_of(into.keys.begin(), into.keys.end(), [&](auto const& other) {
            return other.id == key->id;
        });
        if (twice)
            report_.at(
                node.where(),
                "device " + facts.text + " has two keys with the id " + in_quotes(names_[key->id]) +
                    "; ids are unique in a device"
            );
        if (into.keys.size() < identity::most_device_keys)
            into.keys.push_back(std::move(*key));
        else
            report_.at(
                node.where(),
                "device " + facts.text + " has more than " +
                    std::to_string(identity::most_device_keys) + " keys; remove the oldest"
            );
    }
}

std::optional<pre_shared_key> psk_device_reader::read_key(yaml_node node, device_facts const& facts)
{
    yaml_map map{node, "a key of device " + facts.text, report_};
    pre_shared_key made;
    auto const id = read_key_id(map);
    if (auto value = read_key_secret(map, "secret", files_, any_length)) {
        judge_length(value->size(), *map.find("secret"), facts);
        made.value = std::move(*value);
    }
    read_key_window(map, made.window);
    read_flag(map, "revoked", made.revoked);
    map.finish();
    if (!id)
        return std::nullopt;
    made.id = names_.intern(*id);
    return made;
}

void psk_device_reader::judge_length(std::size_t size, yaml_node secret, device_facts const& facts)
{
    if (size >= shortest_psk)
        return;
    auto const fact = "device " + facts.text + " has a " + std::to_string(size) + "-byte key";
    if (facts.weak_accepted)
        warnings_.warn(
            secret.where(),
            "weak key accepted",
            facts.text,
            fact + ": it can be guessed from one recorded handshake; give it " +
                std::to_string(shortest_psk) + " bytes or more"
        );
    else
        report_.at(
            secret.where(),
            fact + "; " + std::to_string(shortest_psk) +
                " or more are needed, unless the device says \"weak: accept\""
        );
}

void psk_device_reader::give(identity::keyring::parts& into)
{
    into.devices = std::move(devices_);
    into.wildcard = std::move(wildcard_);
}

}  // namespace gatehouse::config
