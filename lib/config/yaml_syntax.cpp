#include "config/yaml_syntax.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace gatehouse::config {

namespace {

constexpr std::string_view blanks = " \t";

// One line of the file: number and columns count from 1.
struct source_line {
    int number = 0;
    std::string_view text;  // without its end

    std::size_t indent() const noexcept
    {
        return std::min(text.find_first_not_of(blanks), text.size());
    }
    std::string_view content() const noexcept { return text.substr(indent()); }
    bool is_empty() const noexcept { return content().empty() || content().front() == '#'; }
    bool is_item() const noexcept { return content().starts_with("- ") || content() == "-"; }

    position at(std::size_t offset) const noexcept
    {
        return {number, static_cast<int>(offset) + 1};
    }
    // What stands behind the dash of an item.
    std::string_view entry() const noexcept
    {
        auto rest = content();
        while (rest.starts_with("- "))
            rest.remove_prefix(std::min(rest.find_first_not_of(" -"), rest.size()));
        return rest;
    }
};

source_line line_of(std::string_view text, int number)
{
    for (int at = 1; at < number; ++at) {
        auto const end = text.find('\n');
        if (end == std::string_view::npos)
            return {number, {}};
        text.remove_prefix(end + 1);
    }
    auto line = text.substr(0, text.find('\n'));
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return {number, line};
}

// The nearest line above that says something.
std::optional<source_line> line_above(std::string_view text, int number)
{
    auto const begin = [&] {
        std::size_t at = 0;
        for (int line = 1; line < number && at != std::string_view::npos; ++line)
            at = text.find('\n', at) + 1;
        return at;
    }();
    auto above = text.substr(0, begin);
    while (!above.empty() && number > 1) {
        above.remove_suffix(1);
        auto const start = above.rfind('\n') + 1;
        auto line = above.substr(start);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        source_line const found{--number, line};
        if (!found.is_empty())
            return found;
        above = above.substr(0, start);
    }
    return std::nullopt;
}

// Where a colon ends a key, if one does: outside quotation marks and comments.
std::size_t key_colon(std::string_view line, std::size_t from = 0) noexcept
{
    char quote = 0;
    for (std::size_t i = from; i < line.size(); ++i) {
        auto const c = line[i];
        bool const is_last = i + 1 == line.size();
        if (quote != 0)
            quote = c == quote ? '\0' : quote;
        else if ((c == '"' || c == '\'') && (i == 0 || blanks.find(line[i - 1]) != std::string_view::npos))
            quote = c;
        else if (c == '#' && i > 0 && blanks.find(line[i - 1]) != std::string_view::npos)
            break;
        else if (c == ':' && (is_last || blanks.find(line[i + 1]) != std::string_view::npos))
            return i;
    }
    return std::string_view::npos;
}

// A word and a colon that no space follows: "version:1".
std::size_t tight_colon(source_line const& line) noexcept
{
    auto const entry = line.entry();
    auto const word =
        entry.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    bool const is = word != std::string_view::npos && word > 0 && entry[word] == ':' &&
                    word + 1 < entry.size() &&
                    blanks.find(entry[word + 1]) == std::string_view::npos;
    return is ? line.text.size() - entry.size() + word : std::string_view::npos;
}

std::optional<syntax_problem> tab_in(source_line const& line)
{
    auto const tab = line.text.substr(0, line.indent()).find('\t');
    if (tab == std::string_view::npos)
        return std::nullopt;
    return syntax_problem{line.at(tab), "a tab cannot indent: use spaces"};
}

// The parser says where it stopped to understand: mostly in the line behind the mistake.
class explanation {
public:
    explanation(std::string_view text, syntax_failure const& failed)
        : failed_{failed}
        , line_{line_of(text, failed.where.line)}
        , above_{line_above(text, failed.where.line)}
    {
    }

    syntax_problem find() const
    {
        if (auto found = tab_in(line_))
            return *found;
        if (auto found = above_ ? tab_in(*above_) : std::nullopt; found && says("tab"))
            return *found;
        if (auto found = known_message())
            return *found;
        if (auto found = quotation_mark())
            return *found;
        if (says("flow not found") || says("illegal flow end"))
            return bracket();
        if (says("illegal map value"))
            return colon();
        if (says("illegal block entry") || says("end of map not found") || says("end of seq") ||
            says("illegal map key"))
            return indentation();
        return {failed_.where, std::string{failed_.message.substr(0, failed_.message.find(": "))}};
    }

private:
    bool says(std::string_view words) const noexcept
    {
        return failed_.message.find(words) != std::string_view::npos;
    }

    syntax_problem here(std::string text) const { return {failed_.where, std::move(text)}; }

    std::optional<syntax_problem> known_message() const
    {
        static constexpr std::string_view needs_quotes =
            "a text that begins with one of @ ` * & ! % | > ? needs quotation marks around it";
        static constexpr std::array<std::pair<std::string_view, std::string_view>, 17> known{{
            {nested_too_deeply, "lists and maps stand more than 32 deep in each other here"},
            {"unknown escape character",
             "between \" and \" a backslash begins an escape, and this one is unknown; write \\\\ "
             "for a backslash, or put the text between ' and '"},
            {"bad character found while scanning hex",
             "behind \\x, \\u and \\U hexadecimal digits must stand"},
            {"invalid unicode", "this escape stands for no character"},
            {"unknown token", needs_quotes},
            {"alias not found", needs_quotes},
            {"anchor not found", needs_quotes},
            {"illegal character found while scanning", needs_quotes},
            {"tag handle with no suffix", needs_quotes},
            {"verbatim tag", needs_quotes},
            {"referenced anchor is not defined",
             "aliases (*name) are not supported; write the value itself, in quotation marks if it "
             "begins with *"},
            {"aliases can't have", "aliases (*name) are not supported; write the value itself"},
            {"cannot assign multiple",
             "anchors (&name), aliases (*name) and tags (!name) are not supported"},
            {"unexpected character in block scalar",
             "behind | or > nothing else may stand in the line"},
            {"zero indentation", "behind | or > no 0 may stand"},
            {"directive", "lines that begin with % are not supported"},
            {"bad YAML version", "lines that begin with % are not supported"},
        }};
        auto const* const found = std::find_if(known.begin(), known.end(), [&](auto const& each) {
            return says(each.first);
        });
        return found == known.end() ? std::nullopt
                                    : std::optional{here(std::string{found->second})};
    }

    // One that is missing lets the text go on until the next one, lines further down.
    std::optional<syntax_problem> quotation_mark() const
    {
        if (says("EOF in scalar") || says("document indicator in scalar"))
            return syntax_problem{
                failed_.last_quoted.value_or(failed_.where),
                "a quotation mark is never closed behind this place"};
        auto const& opened = failed_.last_quoted;
        if (!opened || !ends_a_quote(failed_.where))
            return std::nullopt;
        if (opened->line < line_.number)
            return never_closed(*opened);
        return here("behind a closing quotation mark the value is over; a quotation mark is "
                    "missing, or one too many");
    }

    syntax_problem never_closed(position opened) const
    {
        return {
            opened,
            "the text that this quotation mark opens goes on until line " +
                std::to_string(line_.number) + "; the closing one is missing here"};
    }

    // Does nothing but blanks stand between the place and a quotation mark before it?
    bool ends_a_quote(position where) const noexcept
    {
        auto before = line_.text.substr(
            0, std::min(static_cast<std::size_t>(where.column - 1), line_.text.size())
        );
        auto const last = before.find_last_not_of(blanks);
        return last != std::string_view::npos && (before[last] == '"' || before[last] == '\'');
    }

    syntax_problem bracket() const
    {
        if (says("illegal flow end"))
            return here("a closing bracket that no opening one belongs to");
        if (!failed_.open_bracket)
            return here("a bracket is not closed before this place");
        // At its first word, or at the colon behind that.
        auto const key_end = key_colon(line_.text);
        auto const first_word = key_end == std::string_view::npos ? line_.indent() : key_end;
        bool const begins_a_line = failed_.where.column <= static_cast<int>(first_word) + 1;
        if (line_.is_empty())
            return {*failed_.open_bracket, "this bracket is never closed"};
        if (begins_a_line && failed_.open_bracket->line < line_.number)
            return {
                *failed_.open_bracket,
                "this bracket is not closed before line " + std::to_string(line_.number) +
                    ", which cannot stand in it without a comma before it"};
        return here(
            "a comma or a closing bracket is missing before this place; the bracket was opened in "
            "line " +
            std::to_string(failed_.open_bracket->line)
        );
    }

    // A colon where none can be.
    syntax_problem colon() const
    {
        auto const column = static_cast<std::size_t>(std::max(failed_.where.column - 1, 0));
        auto const first = key_colon(line_.text);
        if (first < column)
            return here("a second \": \" in one line; a value that holds one needs quotation "
                        "marks around it");
        if (above_) {
            if (auto const tight = tight_colon(*above_); tight != std::string_view::npos)
                return {above_->at(tight), "a space must follow the colon behind a key"};
            if (key_colon(above_->text) == std::string_view::npos)
                return {
                    above_->at(above_->text.size() - above_->entry().size()),
                    "a colon is missing in this line: a key is written \"key: value\""};
        }
        return indentation();
    }

    // Of a line that does not fit to those above it.
    syntax_problem indentation() const
    {
        auto const start = line_.at(line_.indent());
        if (says("illegal block entry") && key_colon(line_.text) < line_.text.find("- "))
            return here("an item of a list cannot begin behind a key in the same line; write it "
                        "on a line of its own, indented");
        if (auto const tight = tight_colon(line_); tight != std::string_view::npos)
            return {line_.at(tight), "a space must follow the colon behind a key"};
        if (above_ && line_.indent() > above_->indent())
            return {
                start,
                "this line is indented more than its neighbours above, which are complete; indent "
                "it as they are"};
        if (says("end of map not found") && line_.is_item())
            return {
                start,
                "an item of a list stands where a key is expected; look at the "
                "indentation of this line"};
        if (says("end of seq") && key_colon(line_.text) != std::string_view::npos)
            return {
                start,
                "a key stands where an item of a list (\"- \") is expected; look at the "
                "indentation of this line"};
        if (says("end of map not found") && key_colon(line_.text) == std::string_view::npos)
            return {start, "a colon is missing in this line: a key is written \"key: value\""};
        return {start, "the indentation of this line fits none of the lines above it"};
    }

    syntax_failure const& failed_;
    source_line line_;
    std::optional<source_line> above_;
};

}  // namespace

syntax_problem explain_syntax(std::string_view text, syntax_failure const& failed)
{
    return explanation{text, failed}.find();
}

}  // namespace gatehouse::config
