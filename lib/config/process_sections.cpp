#include "config/fields.h"
#include "config/sections.h"
#include "config/values.h"

#include <algorithm>
#include <filesystem>

namespace gatehouse::config {

namespace {

// Octal, as chmod takes it: "0660" or "660".
std::optional<std::uint32_t> parse_mode(std::string_view text) noexcept
{
    if (text.size() < 3 || text.size() > 4 || (text.size() == 4 && text.front() != '0'))
        return std::nullopt;
    std::uint32_t mode = 0;
    for (auto const c : text) {
        if (c < '0' || c > '7')
            return std::nullopt;
        mode = mode * 8 + static_cast<std::uint32_t>(c - '0');
    }
    return mode;
}

void read_admin_socket(
    yaml_map& map, admin_options& into, source_positions::admin_socket& positions
)
{
    positions = {position_of(map, "socket"), position_of(map, "group")};
    read_socket_path(map, "socket", into.socket);
    read_text(map, "group", into.group);
    auto const node = map.find("mode");
    if (!node)
        return;
    auto const mode = node->is_scalar() ? parse_mode(node->text()) : std::nullopt;
    if (mode)
        into.mode = *mode;
    else
        map.report().at(
            node->where(),
            "\"mode\" must be permissions in octal, such as \"0660\"" + instead(*node, map.report())
        );
}

}  // namespace

void read_workers(yaml_map& top, settings& into)
{
    // A worker's number is one byte of each session id.
    static constexpr std::uint64_t most = 255;
    auto const node = top.find("workers");
    if (!node || (node->is_scalar() && node->text() == "auto"))
        return;
    auto const number =
        node->kind() == yaml_kind::plain ? parse_number(node->text()) : std::nullopt;
    if (number && *number >= 1 && *number <= most)
        into.workers = static_cast<std::uint32_t>(*number);
    else
        top.report().at(
            node->where(),
            "\"workers\" must be auto or a whole number from 1 to 255" +
                instead(*node, top.report())
        );
}

void read_node(yaml_map& top, settings& into)
{
    static constexpr number_range ids{0, 0xffff};
    auto const section = top.find("node");
    if (!section)
        return;
    yaml_map map{*section, "\"node\"", top.report()};
    read_label(map, "name", into.node.name);
    read_number(map, "id", ids, into.node.id);
    map.finish();
}

void read_metrics(yaml_map& top, draft& into)
{
    auto const section = top.find("metrics");
    if (!section)
        return;
    yaml_map map{*section, "\"metrics\"", top.report()};
    into.made.metrics_enabled = true;
    into.made.positions.metrics = position_of(map, "bind");
    read_endpoint(map, "bind", into.names, into.made.metrics);
    map.finish();
}

void read_admin(yaml_map& top, settings& into)
{
    auto const section = top.find("admin");
    if (!section)
        return;
    yaml_map map{*section, "\"admin\"", top.report()};
    into.admin_enabled = true;
    read_admin_socket(map, into.admin, into.positions.admin);
    into.positions.audit = position_of(map, "audit");
    read_path(map, "audit", into.audit_file);
    if (auto const node = map.find("read_only")) {
        yaml_map second{*node, "\"read_only\"", top.report()};
        into.admin_read_only_enabled = true;
        second.require("socket");
        read_admin_socket(second, into.admin_read_only, into.positions.admin_read_only);
        second.finish();
        auto const whole = [](std::string const& path) {
            return std::filesystem::path{path}.lexically_normal();
        };
        if (whole(into.admin_read_only.socket) == whole(into.admin.socket))
            top.report().at(node->where(), "\"read_only\" needs a socket of its own");
    }
    map.finish();
}

void read_state_directory(yaml_map& top, settings& into)
{
    std::string path;
    if (read_path(top, "state_directory", path))
        into.state_directory = path;
}

void read_log(yaml_map& top, settings& into)
{
    static constexpr std::array<choice<log_level>, 4> levels{{
        {"debug", log_level::debug},
        {"info", log_level::info},
        {"warn", log_level::warn},
        {"error", log_level::error},
    }};
    static constexpr std::array<choice<log_format>, 2> formats{{
        {"text", log_format::text},
        {"json", log_format::json},
    }};
    auto const section = top.find("log");
    if (!section)
        return;
    yaml_map map{*section, "\"log\"", top.report()};
    read_choice(map, "level", levels, into.log.level);
    read_choice(map, "format", formats, into.log.format);
    map.finish();
}

}  // namespace gatehouse::config
