// Standard input, line by line, without blocking the session: a terminal, a pipe or a file.
#pragma once

#include "net/task.h"

#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/system/error_code.hpp>

#include <optional>
#include <string>

namespace gatehouse::sim {

class line_input {
public:
    using descriptor = boost::asio::posix::basic_stream_descriptor<executor>;

    explicit line_input(executor const& where);

    bool is_terminal() const noexcept { return is_terminal_; }

    // To be awaited before `read`, when nothing is left in `next`.
    descriptor& source() noexcept { return source_; }

    // Reads once, after a wait that ended with `waited`.
    void read(boost::system::error_code const& waited);

    // The next whole line, or the unfinished last one; without its line break.
    std::optional<std::string> next();

    bool at_end() const noexcept { return at_end_; }
    void stop() noexcept;

private:
    descriptor source_;
    std::string text_;
    bool is_terminal_ = false;
    bool at_end_ = false;
};

}  // namespace gatehouse::sim
