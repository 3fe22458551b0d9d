// Collects the problems of one file while it is read, and no more than anybody would look at: the
// first of each kind, and how many more there are.
#pragma once

#include "config/position.h"
#include "config/problem.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::config {

// What a text may show of the file: in a credential file anything unexpected may be a secret.
enum class quoting : std::uint8_t { allowed, forbidden };

// Holds a reference to `found`, which must outlive it.
class complaints {
public:
    complaints(std::string file, problems& found, quoting may_quote);

    // Of what is wrong, and of each kind of warning.
    static constexpr std::size_t most_of_a_kind = 100;

    void at(position where, std::string text);
    // Something that works but that the operator should know about a device.
    void warn(position where, std::string event, std::string device, std::string text);
    void whole_file(std::string text);

    bool any() const noexcept { return found_.size() > before_; }
    bool may_quote() const noexcept { return quoting_ == quoting::allowed; }
    std::string const& file() const noexcept { return file_; }

    // Puts this file's problems into the order of its lines, and says how many were left out.
    void finish();

private:
    struct kind {
        std::string event;  // of warnings
        std::size_t seen = 0;
    };
    void keep(problem made);

    std::string file_;
    problems& found_;
    std::size_t before_;
    std::vector<kind> kinds_;
    quoting quoting_;
};

// "and N more" of what stands before it.
std::string and_more(std::size_t left_out);

// `text` in quotation marks, control characters replaced, cut when long: safe in a log line.
std::string in_quotes(std::string_view text);

}  // namespace gatehouse::config
