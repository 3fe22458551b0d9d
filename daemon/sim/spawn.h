// Starting a coroutine that nobody waits for: what it throws ends io_context::run.
#pragma once

#include "net/task.h"

#include <boost/asio/co_spawn.hpp>

#include <utility>

namespace gatehouse::sim {

inline void spawn(executor const& where, task work)
{
    boost::asio::co_spawn(where, std::move(work), task_ended{});
}

}  // namespace gatehouse::sim
