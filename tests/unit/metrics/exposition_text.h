// Reads Prometheus text, strictly, so that a test can ask for a series by its name and labels.
#pragma once

#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::test {

using label_map = std::map<std::string, std::string>;

class exposition_text {
public:
    explicit exposition_text(std::string const& text)
    {
        if (text.empty() || text.back() != '\n')
            throw std::invalid_argument{"the last line does not end"};
        std::istringstream lines{text};
        for (std::string line; std::getline(lines, line);)
            read_line(line);
    }

    using series = std::pair<std::string, label_map>;

    // The value as it was written; "absent" when there is none.
    std::string value(std::string const& name, label_map const& labels = {}) const
    {
        auto const found = samples_.find({name, labels});
        return found == samples_.end() ? "absent" : found->second;
    }

    std::string type(std::string const& family) const
    {
        auto const found = types_.find(family);
        return found == types_.end() ? "absent" : found->second;
    }

    bool has_help(std::string const& family) const { return helps_.contains(family); }
    std::map<std::string, std::string> const& types() const { return types_; }
    std::map<series, std::string> const& samples() const { return samples_; }

    // How many series a name has.
    std::size_t count(std::string const& name) const
    {
        std::size_t found = 0;
        for (auto const& [one, value] : samples_)
            found += one.first == name ? 1U : 0U;
        return found;
    }

private:
    void read_line(std::string_view line)
    {
        if (line.starts_with("# HELP "))
            return read_comment(line.substr(7), helps_);
        if (line.starts_with("# TYPE "))
            return read_comment(line.substr(7), types_);
        read_sample(line);
    }

    static void read_comment(std::string_view rest, std::map<std::string, std::string>& into)
    {
        auto const space = rest.find(' ');
        if (space == std::string_view::npos)
            throw std::invalid_argument{"no text in " + std::string{rest}};
        if (!into.emplace(rest.substr(0, space), rest.substr(space + 1)).second)
            throw std::invalid_argument{"said twice of " + std::string{rest}};
    }

    void read_sample(std::string_view line)
    {
        auto const name_end = line.find_first_of("{ ");
        if (name_end == std::string_view::npos || name_end == 0)
            throw std::invalid_argument{"no sample: " + std::string{line}};
        series one{std::string{line.substr(0, name_end)}, {}};
        auto rest = line.substr(name_end);
        if (rest.front() == '{')
            rest = read_labels(rest.substr(1), one.second);
        if (rest.size() < 2 || rest.front() != ' ' || rest.find(' ', 1) != std::string_view::npos)
            throw std::invalid_argument{"no value: " + std::string{line}};
        if (!samples_.emplace(std::move(one), rest.substr(1)).second)
            throw std::invalid_argument{"the same series twice: " + std::string{line}};
    }

    // Returns what follows the closing brace.
    static std::string_view read_labels(std::string_view rest, label_map& into)
    {
        while (!rest.empty() && rest.front() != '}') {
            auto const equals = rest.find("=\"");
            if (equals == std::string_view::npos)
                break;
            auto const name = rest.substr(0, equals);
            rest = rest.substr(equals + 2);
            std::string value;
            for (; !rest.empty() && rest.front() != '"'; rest = rest.substr(1)) {
                auto character = rest.front();
                if (character == '\\' && rest.size() > 1) {
                    rest = rest.substr(1);
                    character = rest.front() == 'n' ? '\n' : rest.front();
                }
                value += character;
            }
            if (!into.emplace(name, value).second)
                throw std::invalid_argument{"the same label twice: " + std::string{name}};
            rest = rest.substr(rest.empty() ? 0 : 1);
            if (rest.starts_with(','))
                rest = rest.substr(1);
        }
        if (rest.empty() || rest.front() != '}')
            throw std::invalid_argument{"labels do not end"};
        return rest.substr(1);
    }

    std::map<std::string, std::string> helps_;
    std::map<std::string, std::string> types_;
    std::map<series, std::string> samples_;
};

}  // namespace gatehouse::test
