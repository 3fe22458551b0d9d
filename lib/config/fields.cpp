#include "config/fields.h"

#include "config/file_text.h"
#include "config/values.h"

#include <algorithm>

namespace gatehouse::config {

namespace {

// The one form of a complaint about a value.
void must_be(yaml_map const& map, std::string_view key, yaml_node node, std::string const& right)
{
    auto& report = map.report();
    report.at(node.where(), in_quotes(key) + " must be " + right + instead(node, report));
}

bool is_control(char c) noexcept
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

// Plain words that every reader of YAML takes for something else than text.
bool reads_as_other_type(yaml_node node) noexcept
{
    static constexpr std::array<std::string_view, 6> flags{
        "true", "True", "TRUE", "false", "False", "FALSE"};
    return node.kind() == yaml_kind::plain &&
           std::find(flags.begin(), flags.end(), node.text()) != flags.end();
}

bool is_text(yaml_node node) noexcept
{
    auto const text = node.text();
    return node.is_scalar() && !reads_as_other_type(node) &&
           std::none_of(text.begin(), text.end(), is_control);
}

std::string in_words(number_range range)
{
    return std::to_string(range.smallest) + " to " + std::to_string(range.largest);
}

}  // namespace

position position_of(yaml_map& map, std::string_view key)
{
    auto const node = map.find(key);
    return node ? node->where() : map.where();
}

bool read_text(yaml_map& map, std::string_view key, std::string& into)
{
    auto const node = map.find(key);
    if (!node)
        return false;
    if (!is_text(*node)) {
        must_be(map, key, *node, "a line of text");
        return false;
    }
    into = node->text();
    return true;
}

bool read_label(yaml_map& map, std::string_view key, std::string& into)
{
    auto const node = map.find(key);
    if (!node)
        return false;
    if (!is_text(*node) || !is_label(node->text())) {
        must_be(map, key, *node, "1 to 64 printable characters without spaces");
        return false;
    }
    into = node->text();
    return true;
}

bool read_path(yaml_map& map, std::string_view key, std::string& into)
{
    auto const node = map.find(key);
    if (!node)
        return false;
    if (!is_text(*node) || node->text().empty()) {
        must_be(map, key, *node, "a path");
        return false;
    }
    into = beside(map.report().file(), node->text());
    return true;
}

bool read_socket_path(yaml_map& map, std::string_view key, std::string& into)
{
    static constexpr std::size_t longest = 107;  // sockaddr_un::sun_path, less its final zero
    std::string path;
    if (!read_path(map, key, path))
        return false;
    if (path.size() > longest) {
        map.report().at(
            map.find(key)->where(),
            in_quotes(key) + " must be the path of a Unix socket of at most " +
                std::to_string(longest) + " bytes; " + in_quotes(path) + " has " +
                std::to_string(path.size())
        );
        return false;
    }
    into = std::move(path);
    return true;
}

bool read_flag(yaml_map& map, std::string_view key, bool& into)
{
    auto const node = map.find(key);
    if (!node)
        return false;
    bool const plain = node->kind() == yaml_kind::plain;
    if (!plain || (node->text() != "true" && node->text() != "false")) {
        must_be(map, key, *node, "true or false");
        return false;
    }
    into = node->text() == "true";
    return true;
}

bool read_duration(yaml_map& map, std::string_view key, milliseconds& into)
{
    auto const node = map.find(key);
    if (!node)
        return false;
    auto const value = node->is_scalar() ? parse_duration(node->text()) : std::nullopt;
    if (!value) {
        auto const days = std::chrono::duration_cast<std::chrono::days>(longest_duration).count();
        must_be(
            map,
            key,
            *node,
            "a duration above zero and up to " + std::to_string(days) +
                "d, with its unit, such as 500ms, 10s, 5m, 24h or 7d"
        );
        return false;
    }
    into = *value;
    return true;
}

bool read_size(yaml_map& map, std::string_view key, number_range range, std::size_t& into)
{
    auto const node = map.find(key);
    if (!node)
        return false;
    auto const value = node->is_scalar() ? parse_size(node->text()) : std::nullopt;
    if (!value || *value < range.smallest || *value > range.largest) {
        must_be(
            map,
            key,
            *node,
            "a size with its unit, such as 64KiB or 1MiB (" + in_words(range) + " bytes)"
        );
        return false;
    }
    into = *value;
    return true;
}

bool read_endpoint(yaml_map& map, std::string_view key, host_names const& names, endpoint& into)
{
    auto const node = map.find(key);
    if (!node)
        return false;
    if (node->is_scalar() && node->text().starts_with("systemd:")) {
        map.report().at(
            node->where(),
            in_quotes(node->text()) + ": socket activation is not available in this version; write "
                                      "IP:PORT, such as \"0.0.0.0:9000\" or \"[::]:9000\""
        );
        return false;
    }
    auto value = node->is_scalar() ? parse_endpoint(node->text()) : std::nullopt;
    if (!value) {
        must_be(
            map,
            key,
            *node,
            "IP:PORT, localhost or an interface of this machine, and a port from 0 to 65535, such "
            "as "
            "\"0.0.0.0:9000\", \"[::]:9000\" or \"eth0:9000\""
        );
        return false;
    }
    if (!value->name.empty()) {
        auto found = names.find(value->name);
        if (found.ip.empty()) {
            map.report().at(
                node->where(),
                in_quotes(key) +
                    " must be IP:PORT, localhost or an interface of this machine, and " +
                    in_quotes(value->name) + " is none of these: " + found.why
            );
            return false;
        }
        value->ip = std::move(found.ip);
    }
    into = std::move(*value);
    return true;
}

bool read_time(yaml_map& map, std::string_view key, wall_time& into)
{
    auto const node = map.find(key);
    if (!node)
        return false;
    auto const value = node->is_scalar() ? parse_time(node->text()) : std::nullopt;
    if (!value) {
        must_be(map, key, *node, "a time such as \"2026-12-01T00:00:00Z\"");
        return false;
    }
    into = *value;
    return true;
}

std::optional<std::uint64_t> read_number(yaml_map& map, std::string_view key, number_range range)
{
    auto const node = map.find(key);
    if (!node)
        return std::nullopt;
    bool const plain = node->kind() == yaml_kind::plain;
    auto const value = plain ? parse_number(node->text()) : std::nullopt;
    if (!value || *value < range.smallest || *value > range.largest) {
        bool const is_quoted = node->kind() == yaml_kind::quoted;
        must_be(
            map,
            key,
            *node,
            "a whole number from " + in_words(range) + (is_quoted ? " without quotes" : "")
        );
        return std::nullopt;
    }
    return value;
}

std::optional<std::size_t> choose(
    yaml_node node, std::string_view key, std::span<word const> words, complaints& report
)
{
    auto const found = std::find_if(words.begin(), words.end(), [&](word const& w) {
        return node.is_scalar() && w.text == node.text();
    });
    if (found != words.end() && found->available)
        return static_cast<std::size_t>(found - words.begin());
    std::string available;
    for (auto const& w : words) {
        if (w.available)
            available += (available.empty() ? "" : ", ") + std::string{w.text};
    }
    if (found != words.end())
        report.at(
            node.where(),
            std::string{key} + ' ' + in_quotes(found->text) +
                " is not available in this version; available: " + available
        );
    else
        report.at(
            node.where(), in_quotes(key) + " must be one of: " + available + instead(node, report)
        );
    return std::nullopt;
}

bool read_version(yaml_map& map, std::string_view missing)
{
    auto const node = map.find("version");
    if (!node) {
        map.report().at(map.where(), std::string{missing});
        return true;
    }
    if (node->kind() == yaml_kind::plain && node->text() == "1")
        return true;
    must_be(map, "version", *node, "the number 1, the only version that this program reads");
    return false;
}

}  // namespace gatehouse::config
