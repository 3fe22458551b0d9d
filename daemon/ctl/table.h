// Aligned columns for people.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::ctl {

enum class alignment { left, right };
enum class fitting { whole, may_be_cut };

struct column {
    std::string_view title;
    alignment side = alignment::left;
    fitting fit = fitting::whole;  // what is cut when the lines are too wide
};

// Rows are collected and taken in batches, so that long tables need not be held: the header comes
// with the first batch, and later batches widen columns but never narrow them. Cells are text
// that was made visible before.
class table {
public:
    // `width`: of the terminal; 0 = as wide as it takes.
    table(std::vector<column> columns, std::size_t width);

    // As many cells as there are columns.
    void add(std::vector<std::string> cells);

    // The lines since the last time, each with its newline.
    std::string take();

    std::size_t waiting() const noexcept { return rows_.size(); }

private:
    std::string line(std::span<std::string const> cells) const;
    void fit_width();

    std::vector<column> columns_;
    std::size_t width_;
    std::vector<std::size_t> wanted_;  // the widest cells so far
    std::vector<std::size_t> widths_;  // what they get
    std::vector<std::vector<std::string>> rows_;
    std::size_t taken_ = 0;
};

}  // namespace gatehouse::ctl
