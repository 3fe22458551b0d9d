// The place where exceptions end that a task of the running daemon threw: they are logged, counted,
// and told to whoever asked for the task. Everything else goes on.
//
// Any thread.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

namespace gatehouse {

// Logs and counts a failure; what there is to say of it, never empty.
std::string task_failed(std::string_view what, std::exception_ptr const& why) noexcept;

// Empty when `step` came to its end, else why it did not.
template <class Step>
std::string attempt(std::string_view what, Step&& step) noexcept
{
    try {
        step();
        return {};
    } catch (...) {
        return task_failed(what, std::current_exception());
    }
}

// Since the start.
std::uint64_t failed_tasks() noexcept;

}  // namespace gatehouse
