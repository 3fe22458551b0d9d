// Collects the problems of one file while it is read.
#pragma once

#include "config/position.h"
#include "config/problem.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse::config {

// What a text may show of the file: in a credential file anything unexpected may be a secret.
enum class quoting : std::uint8_t { allowed, forbidden };

// Holds a reference to `found`, which must outlive it.
class complaints {
public:
    complaints(std::string file, problems& found, quoting may_quote);

    void at(position where, std::string text);
    // Something that works but that the operator should know about a device.
    void warn(position where, std::string event, std::string device, std::string text);
    void whole_file(std::string text);

    bool any() const noexcept { return found_.size() > before_; }
    bool may_quote() const noexcept { return quoting_ == quoting::allowed; }
    std::string const& file() const noexcept { return file_; }

    // Puts this file's problems into the order of its lines.
    void sort();

private:
    std::string file_;
    problems& found_;
    std::size_t before_;
    quoting quoting_;
};

// `text` in quotation marks, control characters replaced, cut when long: safe in a log line.
std::string in_quotes(std::string_view text);

}  // namespace gatehouse::config
