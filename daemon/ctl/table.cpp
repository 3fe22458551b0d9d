#include "table.h"

#include "visible_text.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace gatehouse::ctl {

namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t narrowest = 8;

}  // namespace

table::table(std::vector<column> columns, std::size_t width)
    : columns_{std::move(columns)}
    , width_{width}
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

void table::fit_width()
{
    widths_ = wanted_;
    auto const gaps = columns_.empty() ? 0 : gap * (columns_.size() - 1);
    auto const all = std::accumulate(widths_.begin(), widths_.end(), gaps);
    if (width_ == 0 || all <= width_)
        return;
    auto surplus = all - width_;
    for (std::size_t at = 0; at < columns_.size(); ++at) {
        if (columns_[at].fit != fitting::may_be_cut || widths_[at] <= narrowest)
            continue;
        auto const less = std::min(surplus, widths_[at] - narrowest);
        widths_[at] -= less;
        surplus -= less;
    }
}

std::string table::line(std::span<std::string const> cells) const
{
    std::string text;
    for (std::size_t at = 0; at < columns_.size(); ++at) {
        auto const cell =
            columns_[at].fit == fitting::may_be_cut ? cut_to(cells[at], widths_[at]) : cells[at];
        auto const used = display_width(cell);
        std::string const space(widths_[at] - std::min(widths_[at], used), ' ');
        if (at != 0)
            text.append(gap, ' ');
        text += columns_[at].side == alignment::right ? space + cell : cell + space;
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text + '\n';
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

}  // namespace gatehouse::ctl
