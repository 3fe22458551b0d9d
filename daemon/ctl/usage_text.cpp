#include "usage_text.h"

#include "command_table.h"
#include "failure.h"
#include "visible_text.h"

#include <algorithm>

namespace gatehouse::ctl {

namespace {

constexpr std::size_t help_column = 26;

std::string padded(std::string text)
{
    text.resize(std::max(text.size() + 2, help_column), ' ');
    return text;
}

std::string operand_text(command const& of)
{
    std::string text;
    for (auto const& each : of.operands)
        text += each.written == presence::required ? ' ' + std::string{each.name}
                                                   : " [" + std::string{each.name} + ']';
    return text;
}

std::string options_text(std::span<option const> options)
{
    std::string text;
    for (auto const& each : options) {
        auto name = "  " + std::string{each.name};
        if (takes_value(each))
            name += ' ' + std::string{each.value};
        text += padded(std::move(name)) + std::string{each.help} + '\n';
    }
    return text;
}

std::string summaries(std::span<command const* const> commands)
{
    std::string text;
    for (auto const* const each : commands)
        text += padded("  " + std::string{each->name} + operand_text(*each)) +
                std::string{each->summary} + '\n';
    return text;
}

std::string whole_help()
{
    return "usage: gatehousectl [--socket PATH] [--json] COMMAND\n"
           "       gatehousectl help [COMMAND] | COMMAND --help | --version\n"
           "\n" +
           summaries(commands_under("")) + "\nEvery command takes\n" +
           options_text(global_options()) +
           "\nExit status: 0 done, 1 refused or failed, 2 wrong usage.\n";
}

}  // namespace

std::string usage_line(command const& of)
{
    auto text = "gatehousectl " + std::string{of.name} + operand_text(of);
    return of.options.empty() ? text : text + " [options]";
}

std::string command_help(command const& of)
{
    return "usage: " + usage_line(of) + '\n' + std::string{of.summary} + "\n\n" +
           options_text(of.options) + options_text(global_options());
}

std::string help_for(std::string_view name)
{
    if (name.empty())
        return whole_help();
    if (auto const* const found = find_command(name))
        return command_help(*found);
    if (is_group(name))
        return "usage: gatehousectl " + std::string{name} + " COMMAND\n\n" +
               summaries(commands_under(name));
    throw usage_error{"unknown command \"" + visible(name) + '"' + command_suggestion(name, name)};
}

}  // namespace gatehouse::ctl
