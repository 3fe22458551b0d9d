// A backend on a thread of its own: reads the records of one connection after the other and, if
// wanted, echoes every message to its session.
#pragma once

#include "bench/support/descriptor.h"
#include "config/model.h"

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace gatehouse::bench {

enum class answering : std::uint8_t { nothing, echoes, echoes_by_device };

class backend {
public:
    backend(config::record_format format, answering how);
    ~backend();
    backend(backend const&) = delete;
    backend& operator=(backend const&) = delete;

    std::string const& path() const noexcept { return path_; }
    std::uint64_t messages() const noexcept { return messages_.load(std::memory_order_relaxed); }

private:
    using buffer = std::vector<std::uint8_t>;

    void serve();
    void serve_connection();
    std::size_t take_records(bytes received, buffer& answers);
    void take_line(std::string_view line, buffer& answers);
    void take_binary(bytes record, buffer& answers);

    config::record_format format_;
    answering how_;
    std::string folder_;
    std::string path_;
    descriptor listening_;
    std::atomic<int> connection_{-1};
    std::atomic<bool> stopping_{false};
    std::atomic<std::uint64_t> messages_{0};
    std::thread thread_;
};

}  // namespace gatehouse::bench
