#include "command_table.h"
#include "completion_script.h"
#include "shell_words.h"

#include <set>
#include <string_view>

namespace gatehouse::ctl {

namespace {

constexpr std::string_view fish_functions = R"(
# The command on the line so far: nothing, a group, or all of it.
function __gatehousectl_command
    set -l group
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if contains -- $word $__gatehousectl_value_options
            set skip 1
        else if string match -q -- '-*' $word
            continue
        else if set -q group[1]
            echo "$group $word"
            return
        else if contains -- $word $__gatehousectl_groups
            set group $word
        else
            echo $word
            return
        end
    end
    echo $group
end

function __gatehousectl_is
    set -l now (__gatehousectl_command)
    test "$now" = "$argv[1]"
end

function __gatehousectl_live
    set -l asked
    set -l words (commandline -opc)
    for at in (seq (count $words))
        if test "$words[$at]" = --socket; and test $at -lt (count $words)
            set asked --socket $words[(math $at + 1)]
        end
    end
    gatehousectl $asked __complete $argv[1] 2>/dev/null
end

complete -c gatehousectl -f
)";

// Fish escapes within single quotes by backslashes.
std::string fish_quoted(std::string_view text)
{
    std::string made{'\''};
    for (char const c : text) {
        if (c == '\'' || c == '\\')
            made += '\\';
        made += c;
    }
    return made + '\'';
}

std::string condition(std::string_view command)
{
    return " -n " + fish_quoted("__gatehousectl_is \"" + std::string{command} + '"');
}

std::string first_words()
{
    std::string text;
    for (auto const& each : all_commands())
        if (each.name.find(' ') == std::string_view::npos)
            text += (text.empty() ? "" : " ") + std::string{each.name};
    return text;
}

// What follows -a, or nothing.
std::string candidates(offers what)
{
    auto const kind = kind_name(what);
    if (what == offers::devices || what == offers::sessions || what == offers::keys)
        return " -a " + fish_quoted("(__gatehousectl_live " + std::string{kind} + ')');
    if (what == offers::commands)
        return " -a " + fish_quoted(first_words());
    std::string text;
    for (auto const value : fixed_values(what))
        text += (text.empty() ? "" : " ") + std::string{value};
    return text.empty() ? text : " -a " + fish_quoted(text);
}

std::string option_line(option const& each, std::string_view start)
{
    auto text = std::string{start} + " -l " + std::string{each.name.substr(2)};
    if (each.offered == offers::files)
        text += " -r -F";
    else if (takes_value(each) && !value_may_be_left_out(each))
        text += " -x" + candidates(each.offered);
    return text + " -d " + fish_quoted(each.help) + '\n';
}

std::string command_lines(command const& each)
{
    static constexpr std::string_view start = "complete -c gatehousectl";
    auto const space = each.name.find(' ');
    auto const group =
        space == std::string_view::npos ? std::string_view{} : each.name.substr(0, space);
    auto const word = group.empty() ? each.name : each.name.substr(space + 1);
    auto text = std::string{start} + condition(group) + " -a " + std::string{word} + " -d " +
                fish_quoted(each.summary) + '\n';
    auto const own = std::string{start} + condition(each.name);
    for (auto const& own_option : each.options)
        text += option_line(own_option, own);
    for (auto const& own_operand : each.operands) {
        if (own_operand.offered == offers::files)
            text += own + " -F\n";
        else if (auto const offered = candidates(own_operand.offered); !offered.empty())
            text += own + offered + '\n';
    }
    return text;
}

std::set<std::string> groups()
{
    std::set<std::string> found;
    for (auto const& each : all_commands())
        if (auto const space = each.name.find(' '); space != std::string_view::npos)
            found.emplace(each.name.substr(0, space));
    return found;
}

}  // namespace

std::string fish_completion()
{
    std::string text = "# fish completion, made by: gatehousectl completion fish\n";
    text += "set -g __gatehousectl_value_options " + value_options(" ") + '\n';
    text += "set -g __gatehousectl_groups";
    for (auto const& each : groups())
        text += ' ' + each;
    text += '\n' + std::string{fish_functions};
    for (auto const& each : groups())
        text += "complete -c gatehousectl" + condition("") + " -a " + each + " -d " +
                fish_quoted("commands about a " + each) + '\n';
    for (auto const& each : global_options())
        text += option_line(each, "complete -c gatehousectl");
    for (auto const& each : all_commands())
        text += command_lines(each);
    return text;
}

}  // namespace gatehouse::ctl
