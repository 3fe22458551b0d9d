#include "config/device_reader.h"

#include "config/fields.h"
#include "config/values.h"

#include <algorithm>
#include <utility>

namespace gatehouse::config {

namespace {

using identity::device_id;
using identity::key_index;
using identity::pre_shared_key;
using identity::psk_device;

constexpr std::string_view any_device = "*";
constexpr std::string_view keyed =
    "belongs to the protocols spp and pssst, which are not available in this version";
constexpr std::string_view array_crypto =
    "belongs to the protocol array-crypto, which is not available in this version; "
    "the keys of a USMP device stand under \"psk\"";

// USMP asks for at least this on both sides.
constexpr std::size_t shortest_psk = 16;

void read_session_id_length(yaml_map& device, psk_device& into)
{
    static constexpr std::array<choice<identity::session_id_length>, 2> lengths{{
        {"4", identity::session_id_length::four},
        {"16", identity::session_id_length::sixteen},
    }};
    read_choice(device, "session_id_bytes", lengths, into.legacy_session_id);
}

}  // namespace

void device_reader::read(yaml_node devices)
{
    for (auto const& entry : entries_of(devices, "\"devices\"", report_))
        read_entry(entry);
}

void device_reader::read_entry(yaml_entry const& entry)
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
        parts_.devices.emplace(*id, std::move(device));
        return;
    }
    parts_.wildcard = std::move(device);
    warnings_.warn(
        entry.key.where(),
        "wildcard device",
        "*",
        "device \"*\" admits every device that has its key; one stolen device "
        "opens the gateway to all"
    );
}

bool device_reader::is_first(std::optional<device_id> const& id, yaml_node key)
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

psk_device device_reader::read_device(yaml_node node, std::string text)
{
    static constexpr std::size_t longest_name = 128;
    static constexpr std::array<choice<bool>, 1> weak{{{"accept", true}}};
    device_facts facts{std::move(text)};
    psk_device made;
    yaml_map map{node, "device " + facts.text, report_};
    if (read_text(map, "name", made.name) &&
        (made.name.size() > longest_name || looks_like_secret(made.name)))
        report_.at(
            map.find("name")->where(),
            "the name of a device is public and has at most " + std::to_string(longest_name) +
                " bytes"
        );
    read_choice(map, "weak", weak, facts.weak_accepted);
    read_session_id_length(map, made);
    if (auto const psk = map.require("psk"))
        read_keys(*psk, facts, made);
    for (auto const key : {"public", "gateway_key"})
        map.refuse(key, keyed);
    for (auto const key : {"profile", "secret", "prefix"})
        map.refuse(key, array_crypto);
    map.finish();
    return made;
}

void device_reader::read_keys(yaml_node list, device_facts const& facts, psk_device& into)
{
    if (list.kind() != yaml_kind::list || list.begin() == list.end()) {
        report_.at(
            list.where(),
            "\"psk\" must be a list of at least one key, such as "
            "[{id: \"2026-11\", secret: \"file:device.key\"}]"
        );
        return;
    }
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
                "device " + facts.text + " has two keys with the id " +
                    in_quotes(parts_.key_ids[key->id]) + "; ids are unique in a device"
            );
        into.keys.push_back(std::move(*key));
    }
}

std::optional<pre_shared_key> device_reader::read_key(yaml_node node, device_facts const& facts)
{
    yaml_map map{node, "a key of device " + facts.text, report_};
    pre_shared_key made;
    auto const id = read_id(map);
    read_secret(map, facts, made.value);
    read_window(map, made.window);
    map.finish();
    if (!id)
        return std::nullopt;
    made.id = *id;
    return made;
}

std::optional<key_index> device_reader::read_id(yaml_map& key)
{
    auto const node = key.require("id");
    std::string id;
    if (!node || !read_label(key, "id", id))
        return std::nullopt;
    if (looks_like_secret(id)) {
        report_.at(
            node->where(),
            "the id of a key is public, and this one begins like a secret; write the "
            "secret under \"secret\", and a name such as \"2026-11\" here"
        );
        return std::nullopt;
    }
    return intern(id);
}

void device_reader::read_window(yaml_map& key, identity::key_window& into)
{
    read_time(key, "not_before", into.not_before);
    if (read_time(key, "not_after", into.not_after) && into.not_before >= into.not_after)
        report_.at(
            key.find("not_after")->where(),
            "\"not_after\" must be later than \"not_before\", or the key is never accepted"
        );
}

void device_reader::read_secret(yaml_map& key, device_facts const& facts, secret_bytes& into)
{
    auto const node = key.require("secret");
    if (!node)
        return;
    if (!node->is_scalar()) {
        report_.at(node->where(), "\"secret\" must be text" + instead(*node, report_));
        return;
    }
    auto value = parse_secret(node->text(), files_);
    if (auto const* const why = std::get_if<std::string>(&value)) {
        report_.at(node->where(), *why);
        return;
    }
    into = std::get<secret_bytes>(std::move(value));
    judge_length(into.size(), *node, facts);
}

void device_reader::judge_length(std::size_t size, yaml_node secret, device_facts const& facts)
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

key_index device_reader::intern(std::string const& id)
{
    auto const next = static_cast<key_index>(parts_.key_ids.size());
    auto const [found, made] = indexes_.emplace(id, next);
    if (made)
        parts_.key_ids.push_back(id);
    return found->second;
}

}  // namespace gatehouse::config
