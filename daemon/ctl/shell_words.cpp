#include "shell_words.h"

#include "command_table.h"

#include <array>
#include <set>
#include <string_view>
#include <utility>

namespace gatehouse::ctl {

namespace {

constexpr std::array<offers, 7> kinds_with_values{
    offers::log_levels,
    offers::policies,
    offers::shells,
    offers::key_types,
    offers::key_formats,
    offers::commands,
    offers::nothing,
};

std::string commands_function()
{
    std::string text = "_gatehousectl_commands() {\n    case $1 in\n";
    std::set<std::string_view> groups;
    std::string first;
    for (auto const& each : all_commands()) {
        auto const space = each.name.find(' ');
        auto const word = each.name.substr(0, space);
        if (space == std::string_view::npos)
            first += ' ' + quoted(std::string{word} + ':' + std::string{each.summary});
        else if (groups.insert(word).second)
            first += ' ' + quoted(std::string{word} + ":commands about a " + std::string{word});
    }
    for (auto const group : groups) {
        text += "        " + std::string{group} + ") printf '%s\\n'";
        for (auto const* const each : commands_under(group))
            if (each->name != group)
                text += ' ' + quoted(
                                  std::string{each->name.substr(group.size() + 1)} + ':' +
                                  std::string{each->summary}
                              );
        text += " ;;\n";
    }
    return text + "        *) printf '%s\\n'" + first + " ;;\n    esac\n}\n";
}

std::string options_function()
{
    std::string text = "_gatehousectl_options() {\n    printf '%s\\n'";
    for (auto const& each : global_options())
        text += ' ' + std::string{each.name};
    text += "\n    case $1 in\n";
    for (auto const& each : all_commands()) {
        if (each.options.empty())
            continue;
        text += "        " + quoted(each.name) + ") printf '%s\\n'";
        for (auto const& own : each.options)
            text += ' ' + std::string{own.name};
        text += " ;;\n";
    }
    return text + "    esac\n}\n";
}

std::string kind_line(std::string_view of, std::string_view what, offers offered)
{
    auto const kind = kind_name(offered);
    if (kind.empty())
        return {};
    return "        " + quoted(std::string{of} + ' ' + std::string{what}) + ") echo " +
           std::string{kind} + " ;;\n";
}

// By command and option, or command and the number of the operand.
std::string kinds_function()
{
    std::string text = "_gatehousectl_kind() {\n    case \"$1 $2\" in\n";
    for (auto const& each : all_commands()) {
        for (auto const& own : each.options)
            text += kind_line(each.name, own.name, own.offered);
        for (std::size_t at = 0; at < each.operands.size(); ++at)
            text += kind_line(each.name, std::to_string(at), each.operands[at].offered);
    }
    text += "        *' --socket') echo files ;;\n";
    return text + "    esac\n}\n";
}

std::string values_function()
{
    std::string text = "_gatehousectl_values() {\n    case $1 in\n"
                       "        devices|sessions|keys)\n"
                       "            \"$program\" \"${asked[@]}\" __complete \"$1\" 2>/dev/null ;;\n"
                       "        commands) _gatehousectl_commands | cut -d: -f1 ;;\n";
    for (auto const kind : kinds_with_values) {
        auto const values = fixed_values(kind);
        if (values.empty())
            continue;
        text += "        " + std::string{kind_name(kind)} + ") printf '%s\\n'";
        for (auto const value : values)
            text += ' ' + std::string{value};
        text += " ;;\n";
    }
    return text + "    esac\n}\n";
}

std::string group_names()
{
    std::set<std::string_view> groups;
    std::string text;
    for (auto const& each : all_commands())
        if (auto const space = each.name.find(' '); space != std::string_view::npos)
            if (auto const word = each.name.substr(0, space); groups.insert(word).second)
                text += (text.empty() ? "" : "|") + std::string{word};
    return text;
}

// Goes over one word of the line that is complete: `word`. Sets command, group, place (of the
// operand), wanted (the option whose value is next) and asked (the socket).
std::string word_function()
{
    return "_gatehousectl_word() {\n"
           "    if [[ -n $wanted ]]; then\n"
           "        [[ $wanted == --socket ]] && asked=(--socket \"$1\")\n"
           "        wanted=\n"
           "        return\n"
           "    fi\n"
           "    case $1 in\n"
           "        " +
           value_options("|") +
           ") wanted=$1 ;;\n"
           "        --socket=*) asked=(\"$1\") ;;\n"
           "        -*) ;;\n"
           "        *)\n"
           "            if [[ -n $command ]]; then\n"
           "                place=$((place + 1))\n"
           "            elif [[ -z $group && '|" +
           group_names() +
           "|' == *\"|$1|\"* ]]; then\n"
           "                group=$1\n"
           "            else\n"
           "                command=\"${group:+$group }$1\"\n"
           "            fi ;;\n"
           "    esac\n"
           "}\n";
}

}  // namespace

std::string_view kind_name(offers what) noexcept
{
    static constexpr std::array<std::pair<offers, std::string_view>, 10> names{{
        {offers::files, "files"},
        {offers::devices, "devices"},
        {offers::sessions, "sessions"},
        {offers::keys, "keys"},
        {offers::log_levels, "log_levels"},
        {offers::policies, "policies"},
        {offers::shells, "shells"},
        {offers::key_types, "key_types"},
        {offers::key_formats, "key_formats"},
        {offers::commands, "commands"},
    }};
    for (auto const& [kind, name] : names)
        if (kind == what)
            return name;
    return {};
}

std::string quoted(std::string_view text)
{
    std::string made{'\''};
    for (char const c : text)
        c == '\'' ? made += "'\\''" : made += c;
    return made + '\'';
}

std::string value_options(std::string_view separator)
{
    std::set<std::string_view> names;
    auto const add = [&](std::span<option const> options) {
        for (auto const& each : options)
            if (takes_value(each) && !value_may_be_left_out(each))
                names.insert(each.name);
    };
    add(global_options());
    for (auto const& each : all_commands())
        add(each.options);
    std::string text;
    for (auto const name : names)
        text += (text.empty() ? "" : std::string{separator}) + std::string{name};
    return text;
}

std::string completion_functions()
{
    return commands_function() + options_function() + kinds_function() + values_function() +
           word_function();
}

}  // namespace gatehouse::ctl
