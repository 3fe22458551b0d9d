// The life of the daemon: binds, starts the workers, waits for signals, drains, stops. Main thread.
#pragma once

#include "metrics/exposition.h"
#include "net/http_endpoint.h"
#include "net/shared_house.h"
#include "net/task.h"
#include "net/worker.h"

#include <boost/asio/signal_set.hpp>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace gatehouse {

class supervisor {
public:
    explicit supervisor(std::unique_ptr<shared_house> house);
    ~supervisor();
    supervisor(supervisor const&) = delete;
    supervisor& operator=(supervisor const&) = delete;

    // Binds everything. False, with the reason logged, when something could not be bound.
    bool bind();

    // Serves until a signal ends it; returns the exit status.
    int run();

private:
    friend task run_supervisor(supervisor& self);
    using signal_set = boost::asio::basic_signal_set<executor>;

    bool bind_listener(std::size_t index);
    bool bind_streams(std::size_t index);
    bool bind_datagrams(std::size_t index);
    void report_datagram_listener(
        std::size_t index, std::string const& address, socket_buffers granted, int steering
    ) const;
    bool bind_metrics();
    metrics::exposition make_exposition() const;
    void start_workers();
    void warn_about_unsafe_generations() const;
    void on_signal(int number);
    void begin_drain();
    void watch_for_second_signal();
    bool drained() const;
    void stop_workers();

    std::unique_ptr<shared_house> house_;
    boost::asio::io_context context_{1};
    signal_set signals_;
    steady_timer poll_;
    std::deque<std::unique_ptr<worker>> workers_;
    std::vector<std::thread> threads_;
    std::unique_ptr<http_endpoint> http_;
    std::optional<metrics::exposition> exposition_;
    time_point drain_until_ = never;
    bool draining_ = false;
    bool ended_ = false;
};

}  // namespace gatehouse
