#include "config/nearest_word.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace gatehouse::config {

namespace {

// Levenshtein's distance, by the row.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        auto diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            auto const replaced = diagonal + (a[i] == b[j] ? 0U : 1U);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
        }
    }
    return row[b.size()];
}

}  // namespace

std::string_view nearest_word(std::string_view written, std::span<std::string_view const> known)
{
    static constexpr std::size_t longest_word = 64;
    if (written.size() > longest_word)
        return {};
    std::string_view best;
    std::size_t best_distance = written.size() / 3 + 2;
    for (auto const word : known) {
        auto const d = distance(written, word);
        if (d < best_distance && d < word.size()) {
            best = word;
            best_distance = d;
        }
    }
    return best;
}

}  // namespace gatehouse::config
