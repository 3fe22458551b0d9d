// The life of the daemon: binds, starts the workers, waits for signals, drains, stops. Main thread.
#pragma once

#include "audit_log.h"
#include "background_jobs.h"
#include "clock_watch.h"
#include "file_watch.h"
#include "listener_sockets.h"
#include "memory_keeper.h"
#include "metrics/exposition.h"
#include "missing_files.h"
#include "modules/registry.h"
#include "net/admin_endpoint.h"
#include "net/http_endpoint.h"
#include "net/shared_snapshot.h"
#include "net/task.h"
#include "net/worker.h"
#include "next_snapshot.h"
#include "reload.h"
#include "store_writer.h"

#include <boost/asio/signal_set.hpp>

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace gatehouse {

class administration;

class supervisor {
public:
    // `protocols` outlive it.
    supervisor(std::string config_file, loaded_snapshot loaded, protocol_registry const& protocols);
    ~supervisor();
    supervisor(supervisor const&) = delete;
    supervisor& operator=(supervisor const&) = delete;

    // Binds everything. False, with the reason logged, when something could not be bound.
    bool bind();

    // Serves until a signal ends it; returns the exit status.
    int run();

    // For administration; main thread.
    shared_snapshot const& snapshot() const noexcept { return *snapshot_; }
    std::string const& config_file() const noexcept { return config_file_; }
    protocol_registry const& protocols() const noexcept { return protocols_; }
    std::deque<std::unique_ptr<worker>> const& workers() const noexcept { return workers_; }
    boost::asio::io_context& context() noexcept { return context_; }
    bool draining() const noexcept { return draining_; }
    void reload(reload_scope scope, reloader::finished done);
    // One credential set changes by what `change` makes of it when its turn has come; null, with a
    // problem, when it cannot. On the reading thread.
    using keyring_change = std::function<std::shared_ptr<identity::keyring const>(
        std::shared_ptr<identity::keyring const> const& now, config::problems& found
    )>;
    void change_keyring(std::string const& set, keyring_change change, reloader::finished done);
    // Work that would hold up the main thread: `work` beside it.
    void do_aside(std::function<void()> work, background_jobs::finished done)
    {
        jobs_.run(std::move(work), std::move(done));
    }
    std::map<std::string, missing_files::gone> const& missing() const noexcept
    {
        return missing_.all();
    }
    store_writer& stores() noexcept { return stores_; }
    void begin_drain();
    // Until a reload changes the setting.
    config::log_options const& log_options() const noexcept { return log_; }
    void set_log_level(config::log_level level);

    // What reloads came to.
    struct reload_record {
        wall_time loaded{};  // the last one that was done
        std::uint64_t ok = 0;
        std::uint64_t failed = 0;
        wall_time failed_at{};
        // What is still wrong: of the configuration until all of it was loaded, of credentials
        // until they were.
        config::problems problems;
        bool everything_wanted = false;  // the last reload of everything was refused
    };
    reload_record const& reloads() const noexcept { return reloads_; }
    // As bound, by slot.
    std::vector<std::string> const& addresses() const noexcept { return addresses_; }

private:
    friend task run_supervisor(supervisor& self);
    friend task await_event(supervisor& self);
    using signal_set = boost::asio::basic_signal_set<executor>;

    bool bind_metrics();
    bool bind_admin();
    bool open_audit_log();
    std::string metrics_text() const;
    bool start_workers();
    void serve();
    void on_signal(int number);
    void watch_for_second_signal();
    bool drained() const;
    void stop_workers();
    void stop_modules();
    void leave_if_busy();
    void report_owed_changes() const;

    std::function<missing_files::findings()> look_at_files() const;
    std::function<loaded_snapshot()> reading(reload_scope scope) const;
    void apply(loaded_snapshot&& loaded, reloader::finished done);
    bool bind_new(next_snapshot& next, std::deque<worker::new_sockets>& sockets);
    void fit_sockets(shared_snapshot const& next);
    void install(
        next_snapshot next, std::deque<worker::new_sockets> sockets, reloader::finished done
    );
    void settle(next_snapshot const& next);
    void reload_what_changed();
    void on_clock_step(std::chrono::milliseconds by);
    void record(reload_scope scope, reload_outcome const& outcome);
    void record_done(reload_outcome const& outcome);
    void record_failed(reload_outcome const& outcome);

    std::string config_file_;
    protocol_registry const& protocols_;
    std::shared_ptr<shared_snapshot const> snapshot_;
    next_snapshot first_;  // until everything is bound
    boost::asio::io_context context_{1};
    listener_sockets sockets_;
    signal_set signals_;
    steady_timer poll_;
    std::deque<std::unique_ptr<worker>> workers_;
    std::vector<std::thread> threads_;
    std::unique_ptr<http_endpoint> http_;
    audit_log audit_;
    std::unique_ptr<administration> administration_;
    std::vector<std::unique_ptr<admin_endpoint>> admin_sockets_;
    std::optional<metrics::exposition> exposition_;
    std::vector<std::string> addresses_;
    config::log_options log_;
    reload_record reloads_;
    file_watch watch_;
    clock_watch clock_watch_;
    reloader reloader_;
    background_jobs jobs_;
    missing_files missing_;
    store_writer stores_{context_};
    std::optional<memory_keeper> memory_;
    time_point drain_until_ = never;
    bool watched_reload_waits_ = false;
    bool draining_ = false;
    bool ended_ = false;
};

}  // namespace gatehouse
