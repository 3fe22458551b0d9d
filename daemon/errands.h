// Work that takes long and is nobody's: on a thread of its own, one after the other, so that
// neither the main thread waits for it nor a reload.
//
// Main thread, but for the work itself.
#pragma once

#include "net/task.h"

#include <deque>
#include <functional>
#include <thread>

namespace gatehouse {

class errands {
public:
    explicit errands(boost::asio::io_context& context) : context_{context} {}
    // Waits for the one that is under way.
    ~errands();
    errands(errands const&) = delete;
    errands& operator=(errands const&) = delete;

    // `work` on the thread, then `done` on the main thread.
    void run(std::function<void()> work, std::function<void()> done);

    bool busy() const noexcept { return !waiting_.empty(); }

private:
    struct errand {
        std::function<void()> work;
        std::function<void()> done;
    };

    void begin();
    void finish();

    boost::asio::io_context& context_;
    std::thread thread_;
    std::deque<errand> waiting_;  // the first is under way
};

}  // namespace gatehouse
