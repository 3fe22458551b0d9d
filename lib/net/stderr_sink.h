// Standard error as a place for lines that cannot hang: what it does not take is lost, and counted
// whatever the reason. When it takes lines again, the first one says how many are missing.
//
// Each logger has a sink of its own, for its own thread; `lost` may be called from any.
#pragma once

#include <spdlog/async_logger.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/base_sink.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace gatehouse::log {

// The one standard error, for several threads. A line is written whole or, as far as readers can
// tell lines apart, not at all.
class stderr_lines {
public:
    // False when it could not be written, or not all of it.
    bool write(std::string_view line);

    // From now on a line that cannot be written at once is lost.
    void stop_waiting() noexcept { patient_ = false; }

private:
    std::mutex mutex_;
    std::atomic<bool> patient_{true};
    bool cut_ = false;  // the last thing in it is no whole line
};

class stderr_sink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
public:
    // `notice` makes the line that says how many are missing.
    using notice = std::function<std::string(std::uint64_t lines)>;
    stderr_sink(stderr_lines& to, notice tell) : to_{to}, tell_{std::move(tell)} {}

    // Lines that its queue drops are lost too. The pool outlives the sink's use.
    void count_overruns_of(spdlog::details::thread_pool& queue) noexcept { queue_ = &queue; }

    void lose_one() noexcept { unwritten_.fetch_add(1, std::memory_order_relaxed); }
    std::uint64_t lost() const;

protected:
    void sink_it_(spdlog::details::log_msg const& message) override;
    void flush_() override {}

private:
    bool tell_what_is_missing();

    stderr_lines& to_;
    notice tell_;
    spdlog::details::thread_pool* queue_ = nullptr;
    std::atomic<std::uint64_t> unwritten_{0};
    std::uint64_t told_ = 0;
};

}  // namespace gatehouse::log
