#include "attempt.h"

#include "net/log.h"

#include <atomic>
#include <new>

namespace gatehouse {

namespace {

std::atomic<std::uint64_t> failures{0};

// Short enough to need no memory where there is none.
std::string text_of(std::exception_ptr const& why)
{
    try {
        std::rethrow_exception(why);
    } catch (std::bad_alloc const&) {
        return "out of memory";
    } catch (std::exception const& known) {
        std::string_view const text{known.what()};
        return std::string{text.empty() ? "unknown" : text};
    } catch (...) {
        return "unknown";
    }
}

}  // namespace

std::string task_failed(std::string_view what, std::exception_ptr const& why) noexcept
{
    failures.fetch_add(1, std::memory_order_relaxed);
    try {
        auto text = text_of(why);
        log::write(log::level::error, "task failed", {{"task", what}, {"detail", text}});
        return text;
    } catch (...) {
        return "out of memory";
    }
}

std::uint64_t failed_tasks() noexcept
{
    return failures.load(std::memory_order_relaxed);
}

}  // namespace gatehouse
