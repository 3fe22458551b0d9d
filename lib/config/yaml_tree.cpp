#include "config/yaml_tree.h"

#include "base/utf8.h"
#include "config/yaml_syntax.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <optional>
#include <streambuf>
#include <string>

namespace gatehouse::config {

namespace {

position position_of(YAML::Mark const& mark) noexcept
{
    return {mark.line + 1, mark.column + 1};
}

// Reads from a view, so that no stream copies text that holds secrets. What yaml-cpp itself copies
// (its input queue and tokens) is freed unwiped: no interface of it reaches that memory.
class view_buffer : public std::streambuf {
public:
    explicit view_buffer(std::string_view text)
    {
        auto* const start = const_cast<char*>(text.data());  // only ever read
        setg(start, start, start + text.size());
    }
};

// Of lists and maps in each other; the deepest setting stands at 6.
constexpr std::size_t deepest_nesting = 32;

bool is_forbidden(char c) noexcept
{
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') ||
           c == 0x7f;
}

// yaml-cpp takes a byte 0x04 for the end of the file and would load the half before it.
bool has_only_yaml_characters(std::string_view text, complaints& report)
{
    position where;
    while (!text.empty()) {
        auto const size = std::min(text.find('\n'), text.size() - 1) + 1;
        auto const line = text.substr(0, size);
        auto const* const bad = std::find_if(line.begin(), line.end(), is_forbidden);
        where.column = bad == line.end() ? 1 : static_cast<int>(bad - line.begin()) + 1;
        if (bad != line.end() || !is_utf8(as_bytes(line))) {
            report.at(where, "not text: YAML is UTF-8 without control characters");
            return false;
        }
        text.remove_prefix(size);
        ++where.line;
    }
    return true;
}

// yaml-cpp accepts a quoted text that the end of the file cuts off.
bool is_closed(std::string_view from_quote) noexcept
{
    auto const quote = from_quote.front();
    for (std::size_t i = 1; i < from_quote.size(); ++i) {
        auto const rest = from_quote.substr(i);
        bool const escape = quote == '"' ? rest.front() == '\\' : rest.starts_with("''");
        if (escape)
            ++i;
        else if (rest.front() == quote)
            return true;
    }
    return false;
}

// Complains when nothing closes the last of the quoted texts.
bool refuse_open_quote(
    std::string_view text, std::optional<YAML::Mark> const& last, complaints& report
)
{
    if (!last)
        return false;
    auto const rest = text.substr(static_cast<std::size_t>(last->pos));
    if ((!rest.starts_with('"') && !rest.starts_with('\'')) || is_closed(rest))
        return false;
    report.at(position_of(*last), "not valid YAML: this quotation mark is never closed");
    return true;
}

}  // namespace

class tree_builder : public YAML::EventHandler {
public:
    tree_builder(yaml_tree& tree, complaints& report) : tree_{tree}, report_{report} {}

    std::optional<YAML::Mark> last_quoted() const { return last_quoted_; }
    syntax_failure failure(YAML::Exception const& e) const
    {
        syntax_failure made{position_of(e.mark), e.msg, {}, {}};
        if (last_quoted_)
            made.last_quoted = position_of(*last_quoted_);
        if (!open_.empty() && open_.back().is_bracket)
            made.open_bracket = tree_.position_of(open_.back().index);
        return made;
    }
    unsigned documents() const noexcept { return documents_; }

    void OnDocumentStart(YAML::Mark const& mark) override
    {
        if (++documents_ == 2)
            report_.at(position_of(mark), "a second YAML document; the file must hold exactly one");
    }
    void OnDocumentEnd() override {}

    void OnNull(YAML::Mark const& mark, YAML::anchor_t anchor) override
    {
        refuse_anchor(mark, anchor);
        add(yaml_kind::nothing, mark, {});
    }
    void OnAlias(YAML::Mark const& mark, YAML::anchor_t) override
    {
        report_.at(position_of(mark), "aliases (*name) are not supported; write the value itself");
        add(yaml_kind::nothing, mark, {});
    }
    void OnScalar(
        YAML::Mark const& mark,
        std::string const& tag,
        YAML::anchor_t anchor,
        std::string const& value
    ) override
    {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        if (tag != "?")
            last_quoted_ = mark;
        add(tag == "?" ? yaml_kind::plain : yaml_kind::quoted, mark, value);
    }
    void OnSequenceStart(
        YAML::Mark const& mark,
        std::string const& tag,
        YAML::anchor_t anchor,
        YAML::EmitterStyle::value style
    ) override
    {
        open(yaml_kind::list, mark, tag, anchor);
        open_.back().is_bracket = style == YAML::EmitterStyle::Flow;
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(
        YAML::Mark const& mark,
        std::string const& tag,
        YAML::anchor_t anchor,
        YAML::EmitterStyle::value style
    ) override
    {
        open(yaml_kind::map, mark, tag, anchor);
        open_.back().is_bracket = style == YAML::EmitterStyle::Flow;
    }
    void OnMapEnd() override { close(); }

private:
    struct container {
        std::size_t index;
        std::size_t children = 0;
        std::size_t last_child = 0;
        bool is_bracket = false;  // [ or {, not by indentation
    };

    void refuse_anchor(YAML::Mark const& mark, YAML::anchor_t anchor)
    {
        if (anchor != 0)
            report_.at(
                position_of(mark), "anchors (&name) are not supported; write the value itself"
            );
    }

    // "?" is a plain node, "!" a quoted one.
    void refuse_tag(YAML::Mark const& mark, std::string const& tag)
    {
        if (tag != "?" && tag != "!")
            report_.at(position_of(mark), "tags (!name) are not supported; write the value alone");
    }

    void open(yaml_kind kind, YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor)
    {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        // The parser calls itself for each, and would give up in its own words much deeper.
        if (open_.size() == deepest_nesting)
            throw YAML::ParserException{mark, std::string{nested_too_deeply}};
        open_.push_back({add(kind, mark, {})});
    }

    void close()
    {
        tree_.items_[open_.back().index].end = static_cast<std::uint32_t>(tree_.items_.size());
        open_.pop_back();
    }

    std::size_t add(yaml_kind kind, YAML::Mark const& mark, std::string_view text)
    {
        auto const index = tree_.items_.size();
        auto const where = position_of(mark);
        yaml_tree::item made;
        made.text_start = static_cast<std::uint32_t>(tree_.texts_.view().size());
        made.text_size = static_cast<std::uint32_t>(text.size());
        made.line = static_cast<std::uint32_t>(where.line);
        made.column = static_cast<std::uint32_t>(where.column);
        made.end = static_cast<std::uint32_t>(index + 1);
        made.kind = kind;
        if (!open_.empty()) {
            auto& parent = open_.back();
            bool const is_value =
                tree_.items_[parent.index].kind == yaml_kind::map && parent.children % 2 == 1;
            if (is_value && kind == yaml_kind::nothing) {
                // yaml-cpp places an empty value at whatever comes next.
                made.line = tree_.items_[parent.last_child].line;
                made.column = tree_.items_[parent.last_child].column;
            }
            ++parent.children;
            parent.last_child = index;
        }
        tree_.texts_.append(text);
        tree_.items_.push_back(made);
        return index;
    }

    yaml_tree& tree_;
    complaints& report_;
    std::vector<container> open_;
    std::optional<YAML::Mark> last_quoted_;
    unsigned documents_ = 0;
};

bool yaml_tree::parse(std::string_view text, complaints& report)
{
    static constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text.starts_with(byte_order_mark))
        text.remove_prefix(byte_order_mark.size());
    if (!has_only_yaml_characters(text, report))
        return false;

    texts_.reserve(text.size() + 1);
    tree_builder builder{*this, report};
    view_buffer buffer{text};
    std::istream stream{&buffer};
    try {
        YAML::Parser parser{stream};
        while (builder.documents() < 2 && parser.HandleNextDocument(builder)) {
        }
    } catch (YAML::Exception const& e) {
        if (refuse_open_quote(text, builder.last_quoted(), report))
            return false;
        auto const said = explain_syntax(text, builder.failure(e));
        report.at(said.where, "not valid YAML: " + said.text);
        return false;
    }
    static_cast<void>(refuse_open_quote(text, builder.last_quoted(), report));
    if (items_.empty())
        items_.push_back({.end = 1});
    return !report.any();
}

yaml_kind yaml_node::kind() const noexcept
{
    return tree_->items_[index_].kind;
}

bool yaml_node::is_scalar() const noexcept
{
    return kind() == yaml_kind::plain || kind() == yaml_kind::quoted;
}

std::string_view yaml_node::text() const noexcept
{
    auto const& item = tree_->items_[index_];
    return tree_->texts_.view().substr(item.text_start, item.text_size);
}

position yaml_tree::position_of(std::size_t index) const noexcept
{
    auto const& at = items_[index];
    return {static_cast<int>(at.line), static_cast<int>(at.column)};
}

position yaml_node::where() const noexcept
{
    return tree_->position_of(index_);
}

yaml_node::iterator yaml_node::begin() const noexcept
{
    return iterator{{*tree_, index_ + 1}};
}

yaml_node::iterator yaml_node::end() const noexcept
{
    return iterator{{*tree_, tree_->items_[index_].end}};
}

yaml_node::iterator& yaml_node::iterator::operator++() noexcept
{
    at_.index_ = at_.tree_->items_[at_.index_].end;
    return *this;
}

}  // namespace gatehouse::config
