// Reloads, one at a time: files are read on a thread of their own, so that a large fleet's do not
// hold up the main thread; what was read is applied on the main thread (supervisor).
#pragma once

#include "background_jobs.h"
#include "config/problem.h"
#include "load_snapshot.h"
#include "net/task.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gatehouse {

enum class reload_scope : std::uint8_t {
    credentials,  // what credential sets read, under the settings in force
    everything,
};

struct reload_outcome {
    std::uint64_t generation = 0;  // 0: refused, nothing changed
    std::vector<std::string> changes;
    config::problems problems;

    static reload_outcome refused(config::problems why)
    {
        reload_outcome made;
        made.problems = std::move(why);
        return made;
    }

    bool done() const noexcept { return generation != 0; }
};

// Main thread. What the functions refer to outlives it.
class reloader {
public:
    using finished = std::function<void(reload_outcome const&)>;
    // Called on the main thread when its turn has come; what it returns, on the reading thread.
    using preparation = std::function<std::function<loaded_snapshot()>()>;
    struct steps {
        // All or nothing; calls the second argument once, now or later.
        std::function<void(loaded_snapshot&&, finished)> apply;
        // What became of one of files, before whoever asked hears of it.
        std::function<void(reload_scope, reload_outcome const&)> told;
    };

    reloader(boost::asio::io_context& context, steps how);
    ~reloader() = default;
    reloader(reloader const&) = delete;
    reloader& operator=(reloader const&) = delete;

    // Of files. What `read` is for is `scope`.
    void request(reload_scope scope, preparation read, finished done);
    // Of an operator's command: nobody but him is told.
    void request_change(preparation read, finished done);
    bool busy() const noexcept { return !orders_.empty(); }

private:
    struct order {
        std::optional<reload_scope> of_files;
        preparation read;
        finished done;
    };

    void queue(order made);
    void begin();
    void apply(loaded_snapshot&& loaded);
    void give_up(std::string const& why);
    void finish(reload_outcome const& outcome) noexcept;

    steps steps_;
    background_jobs reading_;
    std::deque<order> orders_;  // the first is under way
};

}  // namespace gatehouse
