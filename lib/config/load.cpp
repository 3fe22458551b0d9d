#include "config/load.h"

#include "config/fields.h"
#include "config/file_text.h"
#include "config/sections.h"
#include "config/yaml_tree.h"

#include <utility>

namespace gatehouse::config {

namespace {

constexpr std::size_t largest_file = std::size_t{16} << 20;

void read_top(yaml_map& top, draft& into)
{
    auto& made = into.made;
    read_workers(top, made);
    read_listeners(top, into);
    read_credential_sets(top, into);
    read_backends(top, into);
    read_metrics(top, into);
    read_admin(top, made);
    read_log(top, made);
    read_node(top, made);
    read_duration(top, "shutdown_timeout", made.shutdown_timeout);
    read_state_directory(top, made);
    top.refuse("store", "belongs into a credential set");
    top.refuse("derived", "belongs into a credential file");
    top.finish();
    check_together(into, top.report());
}

std::optional<settings> parse_with(
    std::string_view text,
    std::string const& file,
    known_names const& names,
    problems& found,
    problems& warnings
)
{
    complaints report{file, found, quoting::allowed};
    complaints warned{file, warnings, quoting::allowed};
    yaml_tree tree;
    if (!tree.parse(text, report)) {
        report.finish();
        return std::nullopt;
    }
    if (tree.root().kind() == yaml_kind::nothing) {
        report.at({}, "the file is empty; it must at least say \"version: 1\" and have a listener");
        return std::nullopt;
    }
    draft all{.names = names.hosts, .protocols = names.protocols, .warnings = warned};
    yaml_map top{tree.root(), "the configuration", report};
    if (!report.any() && read_version(top, "the key \"version\" is missing; write \"version: 1\""))
        read_top(top, all);
    report.finish();
    warned.finish();
    if (report.any())
        return std::nullopt;
    return std::move(all.made);
}

}  // namespace

std::optional<settings> parse(
    std::string_view text,
    std::string const& file,
    protocol_list const& protocols,
    problems& found,
    problems& warnings
)
{
    return parse_with(text, file, {no_host_names{}, protocols}, found, warnings);
}

std::optional<settings> load(
    std::string const& file, known_names const& names, problems& found, problems& warnings
)
{
    wiped_text text;
    if (auto why = read_file({file, largest_file, file_access::any}, text)) {
        found.push_back({file, 0, 0, std::move(*why)});
        return std::nullopt;
    }
    return parse_with(text.view(), file, names, found, warnings);
}

}  // namespace gatehouse::config
