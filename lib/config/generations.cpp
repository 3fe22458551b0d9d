#include "config/generations.h"

#include <string>

namespace gatehouse::config {

namespace {

// "a", "b" and "c"
std::string list_of(std::span<word const> known)
{
    std::string text;
    for (std::size_t i = 0; i < known.size(); ++i) {
        if (i > 0)
            text += i + 1 == known.size() ? " and " : ", ";
        text += in_quotes(known[i].text);
    }
    return text;
}

}  // namespace

std::optional<std::vector<bool>> read_generations(yaml_map& section, std::span<word const> known)
{
    auto const node = section.find("generations");
    if (!node)
        return std::nullopt;
    auto& report = section.report();
    if (node->kind() != yaml_kind::list || node->begin() == node->end()) {
        report.at(
            node->where(), "\"generations\" must be a list of at least one of " + list_of(known)
        );
        return std::nullopt;
    }
    std::vector<bool> admitted(known.size());
    for (auto const generation : *node) {
        auto const chosen = choose(generation, "generations", known, report);
        if (chosen && admitted[*chosen])
            report.at(
                generation.where(), "generation " + in_quotes(generation.text()) + " stands twice"
            );
        if (chosen)
            admitted[*chosen] = true;
    }
    return admitted;
}

}  // namespace gatehouse::config
