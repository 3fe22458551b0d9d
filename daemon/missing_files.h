// Files that the running daemon needs and that have gone from their places: the state directory and
// what is kept in it, and stores. Open files go on without a name, so nobody would notice until the
// next start.
//
// Main thread; the looks themselves beside it.
#pragma once

#include "background_jobs.h"
#include "base/time.h"
#include "net/task.h"

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace gatehouse {

class missing_files {
public:
    static constexpr std::chrono::seconds between_looks{5};

    // Why they are missing, by path.
    using findings = std::map<std::string, std::string>;
    struct steps {
        // On the main thread; what it returns, beside it. It puts back what it can.
        std::function<std::function<findings()>()> look;
        // What was missing is there again.
        std::function<void(std::string const& file)> back;
    };
    struct gone {
        wall_time since{};
        std::string why;
    };

    missing_files(boost::asio::io_context& context, background_jobs& aside, steps how);
    missing_files(missing_files const&) = delete;
    missing_files& operator=(missing_files const&) = delete;
    ~missing_files() = default;

    void start() { wait(); }

    std::map<std::string, gone> const& all() const noexcept { return all_; }

private:
    void wait();
    void look();
    void note(findings const& found);

    background_jobs& aside_;
    steady_timer timer_;
    steps steps_;
    std::map<std::string, gone> all_;
};

}  // namespace gatehouse
