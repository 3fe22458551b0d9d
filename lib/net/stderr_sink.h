// Standard error as a log sink that cannot hang: when nobody reads it, lines are dropped and
// counted.
//
// Used by the logger's own thread only; `dropped` may be called from any.
#pragma once

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>

#include <atomic>
#include <cstdint>

namespace gatehouse::log {

class stderr_sink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
public:
    std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

    // From now on a line that cannot be written at once is dropped.
    void stop_waiting() noexcept { patient_ = false; }

protected:
    void sink_it_(spdlog::details::log_msg const& message) override;
    void flush_() override {}

private:
    std::atomic<std::uint64_t> dropped_{0};
    std::atomic<bool> patient_{true};
};

}  // namespace gatehouse::log
