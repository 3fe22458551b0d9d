#include "modules/derived_reader.h"

#include "config/fields.h"
#include "config/key_fields.h"
#include "config/values.h"

#include <string>
#include <string_view>

namespace gatehouse::config {

namespace {

using identity::device_id;
using identity::device_prefix;

constexpr std::string_view example =
    "such as \"02:00:00:00:00:00/24\": an address, and how many of its 48 bits all devices share";

}  // namespace

void derived_reader::read(yaml_node masters)
{
    if (masters.kind() != yaml_kind::list || masters.begin() == masters.end()) {
        report_.at(
            masters.where(),
            "\"derived\" must be a list of at least one master, such as "
            "[{id: \"m1\", master: \"file:master.key\", devices: \"02:00:00:00:00:00/24\"}]"
        );
        return;
    }
    for (auto const node : masters)
        read_master(node);
}

void derived_reader::read_master(yaml_node node)
{
    yaml_map map{node, "a master of \"derived\"", report_};
    auto const id = read_id(map);
    auto master = read_secret(map);
    auto const devices = read_devices(map);
    identity::key_window window;
    read_key_window(map, window);
    map.finish();
    if (!id || !master || !devices)
        return;
    if (masters_.size() == identity::most_masters) {
        report_.at(
            node.where(), "more than " + std::to_string(identity::most_masters) + " masters"
        );
        return;
    }
    masters_.push_back({*id, window, *devices, std::move(*master)});
    count_generations(*devices, map.find("devices")->where());
}

std::optional<identity::key_index> derived_reader::read_id(yaml_map& master)
{
    auto const id = read_key_id(master);
    if (!id)
        return std::nullopt;
    auto const index = names_.intern(*id);
    auto const where = master.find("id")->where();
    auto const [earlier, first] = lines_.emplace(index, where.line);
    if (!first)
        report_.at(
            where,
            "a master with the id " + in_quotes(*id) + " stands in line " +
                std::to_string(earlier->second) + " already; ids are unique among masters"
        );
    return index;
}

std::optional<identity::derived_key> derived_reader::read_secret(yaml_map& master)
{
    auto const value = read_key_secret(master, "master", files_, any_length);
    if (!value)
        return std::nullopt;
    if (value->size() < identity::shortest_master) {
        report_.at(
            master.find("master")->where(),
            "a master of " + std::to_string(value->size()) + " bytes; " +
                std::to_string(identity::shortest_master) +
                " or more are needed, as it opens the gateway to its whole fleet"
        );
        return std::nullopt;
    }
    return identity::extract_master(value->expose());
}

std::optional<device_prefix> derived_reader::read_devices(yaml_map& master)
{
    auto const node = master.require("devices");
    if (!node)
        return std::nullopt;
    auto const text = node->text();
    auto const slash = text.find('/');
    auto const address = device_id::parse_mac(text.substr(0, slash));
    if (!address) {
        report_.at(node->where(), "\"devices\" must be a range " + std::string{example});
        return std::nullopt;
    }
    if (slash == std::string_view::npos) {
        report_.at(
            node->where(),
            "\"devices\" lacks the number of leading bits that all devices share: " +
                in_quotes(address->text() + "/24") + " is a fleet; one device belongs under " +
                "the top-level \"devices\", or is written " + in_quotes(address->text() + "/48")
        );
        return std::nullopt;
    }
    auto const bits = parse_number(text.substr(slash + 1));
    if (!bits || *bits > device_prefix::most_bits) {
        report_.at(node->where(), "behind the / of \"devices\" a number from 0 to 48 must stand");
        return std::nullopt;
    }
    auto const made = device_prefix::around(*address, static_cast<unsigned>(*bits));
    if (!device_prefix::make(*address, static_cast<unsigned>(*bits))) {
        report_.at(
            node->where(),
            "the address of \"devices\" must be zero behind its first " + std::to_string(*bits) +
                " bits; did you mean " + in_quotes(made->text()) + '?'
        );
        return std::nullopt;
    }
    return made;
}

// Each handshake derives as many keys as masters cover one device.
void derived_reader::count_generations(device_prefix const& devices, position where)
{
    bool too_many = false;
    std::size_t covering = 0;
    for (std::size_t i = 0; i < masters_.size(); ++i) {
        auto const& other = masters_[i].devices;
        covering += other.covers(devices) ? 1U : 0U;
        if (i < generations_.size() && devices.covers(other))
            too_many = ++generations_[i] > identity::most_generations || too_many;
    }
    generations_.push_back(covering);
    if (too_many || covering > identity::most_generations)
        report_.at(
            where,
            "more than " + std::to_string(identity::most_generations) +
                " masters cover the same devices; remove the oldest"
        );
}

}  // namespace gatehouse::config
