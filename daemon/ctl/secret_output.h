// Where a secret may go: to a terminal, or to where the operator said. Decided before the daemon is
// asked, so that no key is made that nobody can read.
#pragma once

#include "base/descriptor.h"
#include "terminal.h"

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::ctl {

class secret_output {
public:
    // `out` is --out: a file that is created here with mode 0600 and must not exist, or "-" for
    // standard output, whatever that is. Throws usage_error when nothing was said and standard
    // output is no terminal, and failure when the file cannot be made.
    secret_output(std::optional<std::string_view> out, stream_kind standard_output);

    // Removes the file when nothing was written into it.
    ~secret_output();
    secret_output(secret_output const&) = delete;
    secret_output& operator=(secret_output const&) = delete;

    // All of it, once. A file is on the disk when this returns. Throws failure.
    void write(std::string_view secret);

    // What is no secret: to standard output, or to standard error where standard output shall
    // hold the secret alone.
    void tell(std::string_view text) const;

    // Whether it goes to a terminal, where nothing in it may drive the terminal.
    bool is_shown() const noexcept { return file_.empty() && !is_alone_; }

    // The file's name; empty when there is none.
    std::string const& file() const noexcept { return file_; }

private:
    void create();

    std::string file_;
    std::optional<descriptor> opened_;
    bool is_written_ = false;
    bool is_alone_ = false;
};

}  // namespace gatehouse::ctl
