// Notices when somebody set the wall clock: by hand, a time service at its first contact, a machine
// that slept.
//
// Sessions keep the end of their key's window on the clock that cannot be set; after a step it has
// to be reckoned anew. Main thread.
#pragma once

#include "net/task.h"

#include <chrono>
#include <functional>

namespace gatehouse {

class clock_watch {
public:
    // Slewing, as time services do it, is far below this between two looks.
    static constexpr std::chrono::milliseconds smallest_step{250};
    static constexpr std::chrono::seconds interval{1};

    // `stepped` is told by how much, within `interval` of the step.
    using listener = std::function<void(std::chrono::milliseconds by)>;
    clock_watch(boost::asio::io_context& context, listener stepped);

    void start();

private:
    void look();

    steady_timer timer_;
    listener stepped_;
    std::chrono::milliseconds offset_{};
};

}  // namespace gatehouse
