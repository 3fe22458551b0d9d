#include "modules/keyed_reader.h"

#include "base/base64.h"
#include "base/hex.h"
#include "config/fields.h"
#include "config/nearest_word.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gatehouse::config {

namespace {

using identity::device_id;
using identity::key_kind;
using identity::public_key;

std::string_view algorithm_of(key_kind kind) noexcept
{
    return kind == key_kind::ed25519 ? "Ed25519" : "X25519";
}

// What "hex:..." or "base64:..." says.
std::optional<std::vector<std::uint8_t>> decode(std::string_view text)
{
    static constexpr std::string_view hex = "hex:";
    static constexpr std::string_view base64 = "base64:";
    if (text.starts_with(hex))
        return from_hex(text.substr(hex.size()));
    if (!text.starts_with(base64))
        return std::nullopt;
    auto const groups = text.substr(base64.size());
    std::vector<std::uint8_t> decoded(groups.size() / 4 * 3);
    auto const size = from_base64(groups, decoded);
    if (!size)
        return std::nullopt;
    decoded.resize(*size);
    return decoded;
}

}  // namespace

void keyed_reader::read_gateway(yaml_map& top)
{
    if (auto const keys = top.require("gateway_keys"))
        gateway_.read(*keys, kind_);
    read_flag(top, "anonymous", anonymous_);
    if (anonymous_ && kind_ != key_kind::x25519)
        report_.at(
            top.find("anonymous")->where(),
            "spp knows no anonymous devices: each proves a key in its hello"
        );
}

void keyed_reader::read_devices(yaml_node devices)
{
    for (auto const& entry : entries_of(devices, "\"devices\"", report_))
        read_entry(entry);
}

void keyed_reader::read_entry(yaml_entry const& entry)
{
    auto const name = std::string{entry.key.text()};
    if (!is_fit_name(entry.key))
        return;
    // The second of two is read as well: it may have problems of its own.
    bool const is_new = note_line(lines_, entry.key, report_);
    auto device = read_device(entry.value, name);
    if (!is_new || report_.any())
        return;
    auto const id = device_id::from_name(name);
    devices_.add(id, device.entry);
    if (device.key)
        peers_.push_back({{*device.key, id}, std::move(device.from)});
}

bool keyed_reader::is_fit_name(yaml_node key)
{
    auto const name = key.text();
    auto const refuse = [&](std::string why) {
        report_.at(key.where(), std::move(why));
        return false;
    };
    if (name == "*")
        return refuse("there is no wildcard here: a device is known by its public key, so each is "
                      "listed by a name of its own");
    if (device_id::parse_mac(name))
        return refuse("this is the form of a USMP device id; a device of spp or pssst is listed by "
                      "a name, such as \"meter-4\"");
    if (name == "anonymous")
        return refuse("the name \"anonymous\" is reserved for requests without a key");
    if (!device_id::is_name(name) || looks_like_secret(name))
        return refuse(
            "the name of a device must be 1 to " + std::to_string(identity::longest_device_name) +
            " printable ASCII characters without spaces, quotes, backslash or slash"
        );
    return true;
}

keyed_reader::device_facts keyed_reader::read_device(yaml_node node, std::string const& name)
{
    device_facts made;
    yaml_map map{node, "device " + name, report_};
    read_device_name(map, made.entry);
    read_device_state(map, made.entry);
    made.key = read_public(map, made);
    read_ranges(map, made);
    for (auto const* const key : read_gateway_key(map)) {
        if (!made.key)
            break;
        made.entry.keys.push_back({
            key->id,
            key->window,
            secret_bytes{*made.key},
            key->mark == identity::key_mark::revoked,
        });
    }
    foreign_.refuse_in_device(map);
    map.finish();
    return made;
}

// Who is shut out needs no key.
std::optional<public_key> keyed_reader::read_public(yaml_map& device, device_facts const& facts)
{
    bool const shut_out = facts.entry.state != identity::device_state::enabled;
    auto const node = shut_out ? device.find("public") : device.require("public");
    if (!node)
        return std::nullopt;
    auto const refuse = [&](std::string why) {
        report_.at(node->where(), std::move(why));
        return std::optional<public_key>{};
    };
    auto const algorithm = std::string{algorithm_of(kind_)};
    auto const raw = decode(node->text());
    if (!raw)
        return refuse(
            "\"public\" must be the device's " + algorithm +
            " public key, written hex: and 64 digits, or base64: with padding"
        );
    public_key made{};
    if (raw->size() != made.size())
        return refuse(
            "a public key of " + std::to_string(raw->size()) + " bytes; one of " + algorithm +
            " has 32"
        );
    std::copy(raw->begin(), raw->end(), made.begin());
    if (auto const why = identity::why_unfit(made, kind_); !why.empty())
        return refuse("nobody can be known by this " + algorithm + " key: " + std::string{why});
    auto const& own = gateway_.keys();
    if (std::any_of(own.begin(), own.end(), [&](auto const& k) { return k.public_key == made; }))
        return refuse("this is the public half of a gateway key; a device has a key of its own");
    return is_new_key(made, node->where()) ? std::optional{made} : std::nullopt;
}

bool keyed_reader::is_new_key(public_key const& key, position where)
{
    auto const [earlier, first] = key_lines_.emplace(key, where.line);
    if (!first)
        report_.at(
            where,
            "this public key stands in line " + std::to_string(earlier->second) +
                " already; each device has its own"
        );
    return first;
}

void keyed_reader::read_ranges(yaml_map& device, device_facts& into)
{
    auto const node = device.find("from");
    if (!node)
        return;
    if (kind_ != key_kind::ed25519) {
        report_.at(
            node->where(), "\"from\" is for devices of spp; a request of pssst names its key itself"
        );
        return;
    }
    auto const example = std::string{"such as [\"10.1.0.0/16\", \"2001:db8::/32\"]"};
    if (node->kind() != yaml_kind::list || node->begin() == node->end()) {
        report_.at(node->where(), "\"from\" must be a list of ranges of addresses, " + example);
        return;
    }
    for (auto const written : *node) {
        auto const range = identity::source_range::parse(written.text());
        if (!range)
            report_.at(
                written.where(),
                "a range of \"from\" must be an address, a slash and the number of its leading "
                "bits, "
                "with zeros behind them, " +
                    example
            );
        else if (into.from.size() == most_device_ranges)
            report_.at(
                written.where(),
                "a device has at most " + std::to_string(most_device_ranges) + " ranges"
            );
        else
            into.from.push_back(*range);
    }
}

// All when none is named.
std::vector<identity::gateway_key const*> keyed_reader::read_gateway_key(yaml_map& device)
{
    std::vector<identity::gateway_key const*> chosen;
    std::string id;
    auto const node = device.find("gateway_key");
    if (node && !read_label(device, "gateway_key", id))
        return chosen;
    for (auto const& key : gateway_.keys())
        if (!node || gateway_.name_of(key) == id)
            chosen.push_back(&key);
    auto const& ids = gateway_.ids();
    if (!node || std::find(ids.begin(), ids.end(), id) != ids.end())
        return chosen;
    std::vector<std::string_view> const known{ids.begin(), ids.end()};
    auto const near = nearest_word(id, known);
    report_.at(
        node->where(),
        "\"gateway_key\" names no key of \"gateway_keys\"" +
            (near.empty() ? std::string{} : "; did you mean " + in_quotes(near) + '?')
    );
    return chosen;
}

void keyed_reader::give(identity::keyring::parts& into)
{
    into.kind = kind_;
    into.devices = std::move(devices_);
    into.peers = std::move(peers_);
    into.gateway_keys = gateway_.take();
    into.anonymous = anonymous_;
}

}  // namespace gatehouse::config
