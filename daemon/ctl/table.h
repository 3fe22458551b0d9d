// Aligned columns for people.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::ctl {

enum class alignment { left, right };

// What becomes of a column when the lines are too wide. First those that may be cut are, the widest
// first; then columns are left out, those of the highest number first.
struct fitting {
    static constexpr std::size_t whole = 0;

    std::size_t least = whole;  // the width that it is cut to at most
    unsigned left_out = 0;      // 0: never
};
inline constexpr fitting may_be_cut{8, 0};

struct column {
    std::string_view title;
    alignment side = alignment::left;
    fitting fit = {};
};

// Rows are collected and taken in batches, so that long tables need not be held: the header comes
// with the first batch, and later batches widen columns but never narrow them, nor bring back those
// that were left out. Cells are text that was made visible before. No line is wider than `width`.
class table {
public:
    // `width`: of the terminal; 0 = as wide as it takes.
    table(std::vector<column> columns, std::size_t width);

    // As many cells as there are columns.
    void add(std::vector<std::string> cells);

    // The lines since the last time, each with its newline.
    std::string take();

    // The same, and a line that names the columns which were left out.
    std::string finish();

    std::size_t waiting() const noexcept { return rows_.size(); }

private:
    std::string line(std::span<std::string const> cells) const;
    void fit_width();
    std::size_t whole_width() const noexcept;
    std::size_t cut(std::size_t surplus);
    bool leave_one_out();

    std::vector<column> columns_;
    std::size_t width_;
    std::vector<std::size_t> wanted_;  // the widest cells so far
    std::vector<std::size_t> widths_;  // what they get
    std::vector<bool> is_left_out_;
    std::vector<std::vector<std::string>> rows_;
    std::size_t taken_ = 0;
};

}  // namespace gatehouse::ctl
