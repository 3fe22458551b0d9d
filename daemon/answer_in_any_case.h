// An operator gets one answer to each request, whatever becomes of the task that works on it.
#pragma once

#include "net/admin_endpoint.h"
#include "net/task.h"

#include <memory>

namespace gatehouse {

// A reply that hands on to `to` the first answer that it is given. When all its copies are gone
// without one (a task threw), that is the answer; on the main thread, and unless `alive` is gone.
admin_endpoint::reply answer_in_any_case(
    boost::asio::io_context& main, std::weak_ptr<void> alive, admin_endpoint::reply to
);

}  // namespace gatehouse
