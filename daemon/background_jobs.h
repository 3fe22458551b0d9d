// Work that takes long: on a thread of its own, one after the other, so that neither the main
// thread waits for it nor a reload. The thread is there from the start.
//
// Main thread, but for the work itself.
#pragma once

#include "net/task.h"

#include <boost/asio/thread_pool.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace gatehouse {

class background_jobs {
public:
    // Throws when there can be no thread.
    explicit background_jobs(boost::asio::io_context& context);
    // Waits for the one that is under way.
    ~background_jobs() = default;
    background_jobs(background_jobs const&) = delete;
    background_jobs& operator=(background_jobs const&) = delete;

    // Empty: the work was done. Else it threw, and this is why.
    using finished = std::function<void(std::string const& failure)>;

    // `work` on the thread, then `done` on the main thread.
    void run(std::function<void()> work, finished done);

    bool busy() const noexcept { return under_way_ > 0; }

private:
    boost::asio::io_context& context_;
    std::optional<boost::asio::thread_pool> thread_;
    std::size_t under_way_ = 0;
};

}  // namespace gatehouse
