#include "table.h"

#include "visible_text.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace gatehouse::ctl {

namespace {

constexpr std::size_t gap = 2;

}  // namespace

table::table(std::vector<column> columns, std::size_t width)
    : columns_{std::move(columns)}
    , width_{width}
    , is_left_out_(columns_.size(), false)
{
    for (auto const& each : columns_)
        wanted_.push_back(display_width(each.title));
}

void table::add(std::vector<std::string> cells)
{
    cells.resize(columns_.size());
    for (std::size_t at = 0; at < cells.size(); ++at)
        wanted_[at] = std::max(wanted_[at], display_width(cells[at]));
    rows_.push_back(std::move(cells));
}

std::size_t table::whole_width() const noexcept
{
    std::size_t all = 0;
    for (std::size_t at = 0; at < columns_.size(); ++at)
        if (!is_left_out_[at])
            all += widths_[at] + (all == 0 ? 0 : gap);
    return all;
}

// Off the widest column that may be cut, until it is as the next one, and so on. What remains.
std::size_t table::cut(std::size_t surplus)
{
    for (; surplus > 0; --surplus) {
        std::optional<std::size_t> widest;
        for (std::size_t at = 0; at < columns_.size(); ++at) {
            auto const least = columns_[at].fit.least;
            bool const can_be = !is_left_out_[at] && least != fitting::whole && widths_[at] > least;
            if (can_be && (!widest || widths_[at] > widths_[*widest]))
                widest = at;
        }
        if (!widest)
            return surplus;
        --widths_[*widest];
    }
    return 0;
}

bool table::leave_one_out()
{
    std::optional<std::size_t> first;
    for (std::size_t at = 0; at < columns_.size(); ++at)
        if (!is_left_out_[at] && columns_[at].fit.left_out > 0 &&
            (!first || columns_[at].fit.left_out > columns_[*first].fit.left_out))
            first = at;
    if (first)
        is_left_out_[*first] = true;
    return first.has_value();
}

void table::fit_width()
{
    do {
        widths_ = wanted_;
        auto const all = whole_width();
        if (width_ == 0 || all <= width_ || cut(all - width_) == 0)
            return;
    } while (taken_ == 0 && leave_one_out());
}

std::string table::line(std::span<std::string const> cells) const
{
    std::string text;
    for (std::size_t at = 0; at < columns_.size(); ++at) {
        if (is_left_out_[at])
            continue;
        auto const cell = cut_to(cells[at], widths_[at]);
        std::string const space(widths_[at] - std::min(widths_[at], display_width(cell)), ' ');
        if (!text.empty())
            text.append(gap, ' ');
        text += columns_[at].side == alignment::right ? space + cell : cell + space;
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return (width_ == 0 ? text : cut_to(text, width_)) + '\n';
}

std::string table::take()
{
    fit_width();
    std::string text;
    if (taken_ == 0) {
        std::vector<std::string> titles;
        for (auto const& each : columns_)
            titles.emplace_back(each.title);
        text += line(titles);
    }
    for (auto const& row : rows_)
        text += line(row);
    taken_ += rows_.size() + 1;
    rows_.clear();
    return text;
}

std::string table::finish()
{
    auto text = rows_.empty() && taken_ != 0 ? std::string{} : take();
    std::string names;
    for (std::size_t at = 0; at < columns_.size(); ++at)
        if (is_left_out_[at])
            names += (names.empty() ? "" : ", ") + std::string{columns_[at].title};
    return names.empty() ? text
                         : text + cut_to("(no room for " + names + "; see --json)", width_) + '\n';
}

}  // namespace gatehouse::ctl
