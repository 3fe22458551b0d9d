// One YAML map, checked: every key that nobody asked for, or that stands twice, is a problem.
#pragma once

#include "config/complaints.h"
#include "config/yaml_tree.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::config {

struct yaml_entry {
    yaml_node key;
    yaml_node value;
};

// The entries of a map that have a text as key; complains about the others, and about a `node` that
// is no map. `what` names the node in the texts.
std::vector<yaml_entry> entries_of(yaml_node node, std::string_view what, complaints& report);

// A map with a fixed set of keys: those that are asked for. `report` must outlive it, and so must
// the names of the keys (they are literals).
class yaml_map {
public:
    yaml_map(yaml_node node, std::string_view what, complaints& report);

    std::optional<yaml_node> find(std::string_view key);

    // The same for a key that must be there.
    std::optional<yaml_node> require(std::string_view key);

    // A key that is right in other versions or places: a problem with a text of its own.
    void refuse(std::string_view key, std::string_view why);

    // Complains about all other keys and about duplicates; called once, at the end.
    void finish();

    complaints& report() const noexcept { return report_; }
    position where() const noexcept { return node_.where(); }

private:
    std::optional<yaml_entry> entry(std::string_view key) const;
    void complain_unknown(yaml_node key);

    yaml_node node_;
    complaints& report_;
    std::vector<yaml_entry> entries_;
    std::vector<std::string_view> known_;
    std::vector<std::string_view> refused_;
};

// ", not \"x\"" or ", not a list": what stands there instead, as far as it may be shown.
std::string instead(yaml_node node, complaints const& report);

}  // namespace gatehouse::config
