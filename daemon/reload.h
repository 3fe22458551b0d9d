// Reloads, one at a time: files are read on a thread of their own, so that a large fleet's do not
// hold up the main thread; what was read is applied on the main thread (supervisor).
#pragma once

#include "config/problem.h"
#include "load_house.h"
#include "net/task.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace gatehouse {

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
    using preparation = std::function<std::function<loaded_house()>()>;
    struct steps {
        // All or nothing; calls the second argument once, now or later.
        std::function<void(loaded_house&&, finished)> apply;
        // What became of one of files, before whoever asked hears of it.
        finished told;
    };

    reloader(boost::asio::io_context& context, steps how);
    ~reloader();
    reloader(reloader const&) = delete;
    reloader& operator=(reloader const&) = delete;

    // `commands` are told to nobody but who gave them.
    enum class kind : std::uint8_t { of_files, command };
    void request(kind what, preparation read, finished done);

private:
    struct order {
        kind what;
        preparation read;
        finished done;
    };

    void begin();
    void take(loaded_house&& loaded);
    void finish(reload_outcome const& outcome);

    boost::asio::io_context& context_;
    steps steps_;
    std::thread reading_;
    std::deque<order> orders_;  // the first is under way
};

}  // namespace gatehouse
