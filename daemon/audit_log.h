// One line for each command of an operator that changes something or shows a secret, and for each
// that was refused: who, what, and what became of it.
//
// In the daemon's log as the event `audit`, and as JSON in a file of its own where one is
// configured. No line is lost without a word: what cannot be written is counted, the daemon's log
// says it, and the next line that can be written stands behind one that says how many are missing.
// Main thread.
#pragma once

#include "admin/request.h"
#include "base/time.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse {

class audit_log {
public:
    audit_log() = default;
    ~audit_log();
    audit_log(audit_log const&) = delete;
    audit_log& operator=(audit_log const&) = delete;

    // Appends to `file`, which only the daemon's user can read. Why it cannot, or nothing.
    std::string open(std::string const& file);

    struct entry {
        admin::requester who;
        std::string_view what;  // "close session"
        std::string subject;    // the device, session, ...
        unsigned status = 200;
        std::string_view result;       // "done", or what became of it instead
        std::uint64_t suppressed = 0;  // others like it that were left out
    };
    // On the disk, as far as the system takes it, when this returns.
    void write(entry const& done);

    // Lines that are not where they should be: in the file or, without one, in the log.
    std::uint64_t lost() const noexcept;

    // Since the last line that could be written; empty when all is well.
    struct failure {
        std::string why;
        wall_time since{};
    };
    failure const& failing() const noexcept { return failing_; }
    std::string const& file() const noexcept { return file_; }

private:
    std::string write_to_file(entry const& done);
    std::string append(std::string const& line);
    void tell_failure(std::string why);

    std::string file_;
    int handle_ = -1;
    std::uint64_t lost_ = 0;
    std::uint64_t told_ = 0;  // of them, in the file
    failure failing_;
};

}  // namespace gatehouse
