// One line for each change that an operator made: who, what, and what became of it.
//
// In the daemon's log as the event `audit`, and as JSON in a file of its own where one is
// configured. Main thread.
#pragma once

#include "admin/request.h"

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
        std::string_view what;     // "close session"
        std::string_view subject;  // the device, session, ...
        unsigned status = 200;
        std::string_view result;  // "done", or the refusal's code
    };
    void write(entry const& done);

private:
    std::string file_;
    int handle_ = -1;
};

}  // namespace gatehouse
