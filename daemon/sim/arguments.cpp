#include "arguments.h"

#include "config/nearest_word.h"

#include <algorithm>
#include <vector>

namespace gatehouse::sim {

namespace {

constexpr std::size_t help_column = 34;

// Only the name is shown: what stands behind it may be a key.
[[noreturn]] void refuse_unknown(std::string_view name, std::span<option const> known)
{
    std::vector<std::string_view> names;
    for (auto const& each : known)
        names.push_back(each.name);
    auto text = "unknown option " + std::string{name};
    if (auto const near = config::nearest_word(name, names); !near.empty())
        text += "; did you mean " + std::string{near} + '?';
    throw usage_error{text};
}

}  // namespace

arguments::arguments(std::span<char const* const> words, std::span<option const> known)
{
    for (std::size_t at = 0; at < words.size(); ++at) {
        std::string_view const word = words[at];
        if (!word.starts_with("--"))
            throw usage_error{"an option was expected, which begins with --"};
        auto const equals = word.find('=');
        auto const name = word.substr(0, equals);
        auto const found = std::find_if(known.begin(), known.end(), [&](option const& each) {
            return each.name == name;
        });
        if (found == known.end())
            refuse_unknown(name, known);
        std::string_view value;
        if (equals != std::string_view::npos)
            value = word.substr(equals + 1);
        if (found->value.empty() && equals != std::string_view::npos)
            throw usage_error{std::string{name} + " takes no value"};
        if (!found->value.empty() && equals == std::string_view::npos) {
            if (++at == words.size())
                throw usage_error{
                    std::string{name} + " needs a value: " + std::string{found->value}};
            value = words[at];
        }
        if (!written_.emplace(found->name, value).second)
            throw usage_error{std::string{name} + " is written twice"};
    }
}

std::optional<std::string_view> arguments::text(std::string_view name) const
{
    auto const found = written_.find(name);
    if (found == written_.end())
        return std::nullopt;
    return found->second;
}

std::string_view arguments::required(std::string_view name) const
{
    auto const found = text(name);
    if (!found)
        throw usage_error{std::string{name} + " is missing"};
    return *found;
}

std::string describe(std::span<option const> options)
{
    std::string text;
    for (auto const& each : options) {
        auto line = "  " + std::string{each.name};
        if (!each.value.empty())
            line += ' ' + std::string{each.value};
        line.resize(std::max(line.size() + 2, help_column), ' ');
        text += line + std::string{each.help} + '\n';
    }
    return text;
}

}  // namespace gatehouse::sim
