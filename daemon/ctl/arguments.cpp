#include "arguments.h"

#include "command_table.h"
#include "config/nearest_word.h"
#include "failure.h"
#include "visible_text.h"

#include <algorithm>
#include <charconv>

namespace gatehouse::ctl {

namespace {

constexpr double shortest_pause = 0.1;
constexpr double longest_pause = 86400;

struct reader {
    std::span<char const* const> words;
    std::size_t at = 0;
    arguments made;
    std::string group;  // "device", while its second word is awaited
};

[[noreturn]] void refuse_option(std::string_view name, reader const& from)
{
    std::vector<std::string_view> names;
    auto const* const what = from.made.what;
    for (auto const& each : global_options())
        names.push_back(each.name);
    if (what)
        for (auto const& each : what->options)
            names.push_back(each.name);
    auto text = "unknown option " + visible(name);
    if (what)
        text += " of " + std::string{what->name};
    if (auto const near = config::nearest_word(name, names); !near.empty())
        text += "; did you mean " + std::string{near} + '?';
    throw usage_error{text};
}

option const& known_option(std::string_view name, reader const& from)
{
    auto const is_it = [&](option const& each) { return each.name == name; };
    auto const everywhere = global_options();
    if (auto const found = std::find_if(everywhere.begin(), everywhere.end(), is_it);
        found != everywhere.end())
        return *found;
    auto const own = from.made.what ? from.made.what->options : std::span<option const>{};
    auto const found = std::find_if(own.begin(), own.end(), is_it);
    if (found == own.end())
        refuse_option(name, from);
    return *found;
}

bool begins_a_number(std::string_view word)
{
    return !word.empty() && word.front() >= '0' && word.front() <= '9';
}

std::string_view value_behind(option const& known, reader& from)
{
    auto const has_next = from.at + 1 < from.words.size();
    if (value_may_be_left_out(known)) {
        if (!has_next || !begins_a_number(from.words[from.at + 1]))
            return {};
    } else if (!has_next) {
        throw usage_error{std::string{known.name} + " needs a value: " + std::string{known.value}};
    }
    return from.words[++from.at];
}

void read_option(std::string_view word, reader& from)
{
    auto const equals = word.find('=');
    auto const& known = known_option(word.substr(0, equals), from);
    std::string_view value;
    if (equals != std::string_view::npos)
        value = word.substr(equals + 1);
    if (!takes_value(known) && equals != std::string_view::npos)
        throw usage_error{std::string{known.name} + " takes no value"};
    if (takes_value(known) && equals == std::string_view::npos)
        value = value_behind(known, from);
    if (!from.made.options.emplace(known.name, value).second)
        throw usage_error{std::string{known.name} + " is written twice"};
}

// Two words may be meant: "devcie list".
[[noreturn]] void refuse_command(std::string const& written, reader const& from)
{
    auto both = written;
    if (from.group.empty() && from.at + 1 < from.words.size())
        both += ' ' + std::string{from.words[from.at + 1]};
    throw usage_error{
        "unknown command \"" + visible(written) + '"' + command_suggestion(both, written)};
}

void read_command_word(std::string_view word, reader& from)
{
    auto const name = from.group.empty() ? std::string{word} : from.group + ' ' + std::string{word};
    from.made.what = find_command(name);
    if (from.made.what)
        return;
    if (!from.group.empty() || !is_group(word))
        refuse_command(name, from);
    from.group = word;
}

void read_word(std::string_view word, reader& from)
{
    if (word == "--help" || word == "-h")
        from.made.wanted = wish::help;
    else if (word == "--version" && !from.made.what)
        from.made.wanted = wish::version;
    else if (word.starts_with('-') && word.size() > 1)
        read_option(word, from);
    else if (from.made.what)
        from.made.operands.push_back(word);
    else
        read_command_word(word, from);
}

std::string members_of(std::string_view group)
{
    std::string text;
    for (auto const* const each : commands_under(group))
        text += (text.empty() ? "" : ", ") + std::string{each->name.substr(group.size() + 1)};
    return text;
}

void check_operands(arguments const& made)
{
    auto const known = made.what->operands;
    for (std::size_t at = 0; at < known.size(); ++at)
        if (known[at].written == presence::required && made.operand(at).empty())
            throw usage_error{
                std::string{made.what->name} + " needs " + std::string{known[at].name}};
    if (made.operands.size() > known.size() && made.what->name != "help")
        throw usage_error{
            "too many words behind " + std::string{made.what->name} + "; options begin with --"};
}

}  // namespace

std::optional<std::string_view> arguments::text(std::string_view name) const
{
    auto const found = options.find(name);
    if (found == options.end())
        return std::nullopt;
    return found->second;
}

std::string_view arguments::operand(std::size_t at) const noexcept
{
    return at < operands.size() ? operands[at] : std::string_view{};
}

std::optional<std::uint64_t> arguments::number(std::string_view name) const
{
    auto const written = text(name);
    if (!written)
        return std::nullopt;
    std::uint64_t value = 0;
    auto const* const end = written->data() + written->size();
    auto const [stopped, wrong] = std::from_chars(written->data(), end, value);
    if (wrong != std::errc{} || stopped != end || value == 0)
        throw usage_error{std::string{name} + " needs a number, 1 or more"};
    return value;
}

std::optional<std::chrono::duration<double>> arguments::seconds(std::string_view name) const
{
    auto const written = text(name);
    if (!written)
        return std::nullopt;
    double value = 0;
    auto const* const end = written->data() + written->size();
    auto const [stopped, wrong] = std::from_chars(written->data(), end, value);
    if (wrong != std::errc{} || stopped != end || !(value >= shortest_pause) ||
        value > longest_pause)
        throw usage_error{std::string{name} + " needs seconds from 0.1 to 86400"};
    return std::chrono::duration<double>{value};
}

arguments parse_arguments(std::span<char const* const> words)
{
    reader from{words, 0, {}, {}};
    auto plain = false;
    for (; from.at < words.size(); ++from.at) {
        std::string_view const word = words[from.at];
        if (plain && from.made.what)
            from.made.operands.push_back(word);
        else if (word == "--" && from.made.what)
            plain = true;
        else
            read_word(word, from);
    }
    auto& made = from.made;
    made.group = made.what ? std::string{made.what->name} : from.group;
    if (made.wanted != wish::run)
        return std::move(made);
    if (!made.what && !from.group.empty())
        throw usage_error{from.group + " needs one of: " + members_of(from.group)};
    if (!made.what)
        throw usage_error{"a command was expected"};
    check_operands(made);
    return std::move(made);
}

}  // namespace gatehouse::ctl
