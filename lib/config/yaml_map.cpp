#include "config/yaml_map.h"

#include "config/nearest_word.h"

#include <algorithm>
#include <unordered_map>

namespace gatehouse::config {

std::string instead(yaml_node node, complaints const& report)
{
    switch (node.kind()) {
    case yaml_kind::nothing:
        return ", but it is empty";
    case yaml_kind::list:
        return ", not a list";
    case yaml_kind::map:
        return ", not a map";
    case yaml_kind::plain:
    case yaml_kind::quoted:
        break;
    }
    return report.may_quote() ? ", not " + in_quotes(node.text()) : std::string{};
}

std::vector<yaml_entry> entries_of(yaml_node node, std::string_view what, complaints& report)
{
    std::vector<yaml_entry> entries;
    if (node.kind() != yaml_kind::map) {
        report.at(
            node.where(), std::string{what} + " must be a map of keys" + instead(node, report)
        );
        return entries;
    }
    for (auto child = node.begin(); child != node.end(); ++child) {
        auto const key = *child;
        ++child;
        if (key.is_scalar())
            entries.push_back({key, *child});
        else
            report.at(key.where(), "a key must be text" + instead(key, report));
    }
    return entries;
}

yaml_map::yaml_map(yaml_node node, std::string_view what, complaints& report)
    : node_{node}
    , report_{report}
    , entries_{entries_of(node, what, report)}
{
}

std::optional<yaml_entry> yaml_map::entry(std::string_view key) const
{
    auto const found = std::find_if(entries_.begin(), entries_.end(), [key](yaml_entry const& e) {
        return e.key.text() == key;
    });
    return found == entries_.end() ? std::nullopt : std::optional{*found};
}

std::optional<yaml_node> yaml_map::find(std::string_view key)
{
    if (std::find(known_.begin(), known_.end(), key) == known_.end())
        known_.push_back(key);
    auto const found = entry(key);
    return found ? std::optional{found->value} : std::nullopt;
}

std::optional<yaml_node> yaml_map::require(std::string_view key)
{
    auto const found = find(key);
    if (!found && node_.kind() == yaml_kind::map)
        report_.at(node_.where(), "the key " + in_quotes(key) + " is missing here");
    return found;
}

void yaml_map::refuse(std::string_view key, std::string_view why)
{
    refused_.push_back(key);
    if (auto const found = entry(key))
        report_.at(found->key.where(), in_quotes(key) + ' ' + std::string{why});
}

void yaml_map::complain_unknown(yaml_node key)
{
    auto const name = report_.may_quote() ? ' ' + in_quotes(key.text()) : std::string{};
    auto const near = nearest_word(key.text(), known_);
    if (!near.empty()) {
        report_.at(key.where(), "unknown key" + name + "; did you mean " + in_quotes(near) + '?');
        return;
    }
    std::string all;
    for (auto const word : known_)
        all += (all.empty() ? "" : ", ") + std::string{word};
    report_.at(key.where(), "unknown key" + name + "; known here: " + all);
}

void yaml_map::finish()
{
    auto const contains = [](auto const& words, std::string_view word) {
        return std::find(words.begin(), words.end(), word) != words.end();
    };
    std::unordered_map<std::string_view, position> seen;
    for (auto const& [key, value] : entries_) {
        bool const known = contains(known_, key.text());
        if (!known && !contains(refused_, key.text()))
            complain_unknown(key);
        auto const [earlier, first] = seen.emplace(key.text(), key.where());
        if (!first) {
            auto const name =
                known || report_.may_quote() ? ' ' + in_quotes(key.text()) : std::string{};
            report_.at(
                key.where(),
                "duplicate key" + name + "; it stands in line " +
                    std::to_string(earlier->second.line) + " already"
            );
        }
    }
}

}  // namespace gatehouse::config
