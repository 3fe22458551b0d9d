// Takes what is worth knowing after a restart through it: reads it from the state directory before
// the workers run, writes it now and then and at the end.
//
// Main thread.
#pragma once

#include "background_jobs.h"
#include "net/lasting_state.h"
#include "net/task.h"

#include <chrono>
#include <filesystem>
#include <vector>

namespace gatehouse {

class memory_keeper {
public:
    // Keeps nothing when there is no directory. `all` outlive it.
    memory_keeper(
        boost::asio::io_context& context,
        background_jobs& aside,
        std::filesystem::path directory,
        std::vector<lasting_state*> all
    );
    memory_keeper(memory_keeper const&) = delete;
    memory_keeper& operator=(memory_keeper const&) = delete;
    ~memory_keeper() = default;

    // Files that are missing, broken or somebody else's are as good as empty; the log says so.
    void load() const;

    void start();

    // Returns when all is written.
    void save() const;

private:
    static constexpr std::chrono::minutes between_saves{5};

    void wait();
    void save_aside();

    background_jobs& aside_;
    steady_timer timer_;
    std::filesystem::path directory_;
    std::vector<lasting_state*> all_;
};

}  // namespace gatehouse
