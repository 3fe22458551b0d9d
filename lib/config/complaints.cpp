#include "config/complaints.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace gatehouse::config {

complaints::complaints(std::string file, problems& found, quoting may_quote)
    : file_{std::move(file)}
    , found_{found}
    , before_{found.size()}
    , quoting_{may_quote}
{
}

void complaints::at(position where, std::string text)
{
    keep({file_, where.line, where.column, std::move(text)});
}

void complaints::warn(position where, std::string event, std::string device, std::string text)
{
    keep({file_, where.line, where.column, std::move(text), std::move(event), std::move(device)});
}

void complaints::whole_file(std::string text)
{
    keep({file_, 0, 0, std::move(text)});
}

void complaints::keep(problem made)
{
    auto known = std::ranges::find(kinds_, made.event, &kind::event);
    if (known == kinds_.end())
        known = kinds_.insert(known, {made.event});
    if (known->seen++ < most_of_a_kind)
        found_.push_back(std::move(made));
}

void complaints::finish()
{
    auto const first = std::next(found_.begin(), static_cast<std::ptrdiff_t>(before_));
    std::stable_sort(first, found_.end(), [](problem const& a, problem const& b) {
        return std::tie(a.line, a.column) < std::tie(b.line, b.column);
    });
    for (auto const& [event, seen] : kinds_)
        if (seen > most_of_a_kind)
            found_.push_back({file_, 0, 0, and_more(seen - most_of_a_kind), event});
    kinds_.clear();
}

std::string and_more(std::size_t left_out)
{
    return "and " + std::to_string(left_out) + " more like these";
}

std::string in_quotes(std::string_view text)
{
    static constexpr std::size_t longest = 80;
    std::string shown{'"'};
    for (auto const c : text.substr(0, longest)) {
        bool const control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
        shown.push_back(control ? '?' : c);
    }
    // A cut may not leave half a UTF-8 character behind.
    while (text.size() > longest && (static_cast<unsigned char>(shown.back()) & 0x80) != 0)
        shown.pop_back();
    return shown + (text.size() > longest ? "...\"" : "\"");
}

}  // namespace gatehouse::config
