#include "supervisor.h"

#include "administration.h"
#include "attempt.h"
#include "net/clock.h"
#include "net/endpoints.h"
#include "net/log.h"
#include "net/signals_blocked.h"
#include "process_start.h"
#include "snapshot_labels.h"
#include "version.h"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <thread>
#include <utility>

#include <unistd.h>

namespace gatehouse {

namespace {

constexpr std::chrono::milliseconds drain_poll{10};

std::vector<lasting_state*> lasting_states(
    shared_snapshot const& snapshot, protocol_registry const& protocols
)
{
    std::vector<lasting_state*> all{snapshot.proofs.get()};
    for (auto const& module : protocols.modules())
        for (auto* const one : module->lasting_states())
            all.push_back(one);
    return all;
}

// What a worker throws leaves its sessions in no state to go on with: the process ends, and says
// why.
void serve_on(worker& one)
{
    try {
        one.run();
    } catch (std::exception const& failure) {
        log::write(log::level::error, "cannot go on", {{"detail", explain_end(failure)}});
        log::stop();
        ::_exit(EXIT_FAILURE);
    }
}

}  // namespace

// A signal, or while draining the time for a look at the workers.
task await_event(supervisor& self)
{
    if (self.draining_) {
        self.poll_.expires_after(drain_poll);
        auto const [cancelled] = co_await self.poll_.async_wait(awaiting);
        static_cast<void>(cancelled);
        co_return;
    }
    auto const [failure, number] = co_await self.signals_.async_wait(awaiting);
    if (!failure)
        attempt("signal", [&self, signal = number] { self.on_signal(signal); });
}

// No memory for a wait is no end.
task run_supervisor(supervisor& self)
{
    while (!self.ended_) {
        bool const was_draining = self.draining_;
        try {
            co_await await_event(self);
        } catch (std::exception const&) {
            task_failed("signals", std::current_exception());
            std::this_thread::sleep_for(drain_poll);
        }
        if (was_draining && (self.drained() || read_clock() >= self.drain_until_))
            self.ended_ = true;
    }
    self.stop_workers();
    self.context_.stop();  // whatever a scraper still has open does not delay the exit
}

supervisor::supervisor(
    std::string config_file, loaded_snapshot loaded, protocol_registry const& protocols
)
    : config_file_{std::move(config_file)}
    , protocols_{protocols}
    , sockets_{context_, loaded.settings->workers}
    , signals_{context_.get_executor(), SIGTERM, SIGINT, SIGQUIT}
    , poll_{context_.get_executor()}
    , watch_{context_, [this] { reload_what_changed(); }}
    , clock_watch_{context_, [this](auto by) { on_clock_step(by); }}
    , reloader_{
          context_,
          {

              .apply = [this](
                           loaded_snapshot&& read, reloader::finished done
                       ) { apply(std::move(read), std::move(done)); },
              .told = [this](
                          reload_scope scope, reload_outcome const& outcome
                      ) { record(scope, outcome); },
          }}
    , jobs_{context_}
    , missing_{
          context_,
          jobs_,
          {
              .look = [this] { return look_at_files(); },
              .back = [this](std::string const&) { reload_what_changed(); },
          }}
{
    signals_.add(SIGHUP);
    log_warnings(loaded.warnings);
    log_key_files(loaded.key_files);
    for (auto const& files : loaded.files)
        watch_.watch_also(files);
    first_ = make_next_snapshot({}, std::move(loaded), config_file_);
    snapshot_ = first_.snapshot;
    log_ = snapshot_->settings.log;
    memory_.emplace(
        context_, jobs_, snapshot_->settings.state_directory, lasting_states(*snapshot_, protocols_)
    );
    memory_->load();
    for (std::uint32_t i = 0; i < snapshot_->settings.workers; ++i)
        workers_.push_back(
            std::make_unique<worker>(static_cast<std::uint8_t>(i), snapshot_, workers_)
        );
}

supervisor::~supervisor() = default;

bool supervisor::bind()
{
    std::deque<worker::new_sockets> sockets(workers_.size());
    if (!bind_new(first_, sockets))
        return false;
    for (std::size_t i = 0; i < workers_.size(); ++i) {
        for (auto& [slot, socket] : sockets[i])
            workers_[i]->add_listener(slot, std::move(socket));
    }
    first_ = {};
    return (!snapshot_->settings.metrics_enabled || bind_metrics()) && bind_admin();
}

bool supervisor::bind_admin()
{
    auto const& settings = snapshot_->settings;
    if (!settings.admin_enabled)
        return true;
    if (!open_audit_log())
        return false;
    std::string why;
    administration_ = std::make_unique<administration>(*this, audit_);
    auto const add = [&](admin::socket_kind kind, config::admin_options const& where) {
        auto& made = admin_sockets_.emplace_back(std::make_unique<admin_endpoint>(
            context_,
            kind,
            admin_endpoint::told{
                .asked = [this](
                             admin::request asked, admin_endpoint::reply reply
                         ) { administration_->handle(std::move(asked), std::move(reply)); },
                .turned_away = [this](admin::requester const& who
                               ) { administration_->turned_away(who); },
            }
        ));
        if (why.empty())
            why = made->bind(where).value_or("");
    };
    add(admin::socket_kind::full, settings.admin);
    if (settings.admin_read_only_enabled)
        add(admin::socket_kind::read_only, settings.admin_read_only);
    if (!why.empty())
        log::write(log::level::error, "cannot bind", {{"listener", "admin"}, {"detail", why}});
    return why.empty();
}

bool supervisor::open_audit_log()
{
    auto const& file = snapshot_->settings.audit_file;
    if (file.empty())
        return true;
    auto const why = audit_.open(file);
    if (!why.empty())
        log::write(
            log::level::error, "audit log cannot be opened", {{"file", file}, {"detail", why}}
        );
    return why.empty();
}

bool supervisor::bind_metrics()
{
    auto bound =
        bind_stream(context_, to_socket_address(snapshot_->settings.metrics), port_sharing::none);
    if (bound.failure) {
        log_cannot_bind("metrics", snapshot_->settings.metrics, bound.failure);
        return false;
    }
    auto const address = to_text(bound.acceptor.local_endpoint());
    http_ = std::make_unique<http_endpoint>(
        context_,
        std::move(bound.acceptor),
        http_answers{
            .metrics =
                [this] {
                    std::string text;
                    attempt("metrics", [&] { text = metrics_text(); });
                    return text;
                },
            .ready = [this] { return !draining_; },
        }
    );
    log::write(
        log::level::info,
        "listening",
        {{"listener", "metrics"},
         {"address", address},
         {"bind", snapshot_->settings.metrics.written()}}
    );
    return true;
}

std::string supervisor::metrics_text() const
{
    metrics::process_values values{
        .reloads_ok = reloads_.ok,
        .reloads_failed = reloads_.failed,
        .config_generation = snapshot_->generation,
        .reload_failing = !reloads_.problems.empty(),
        .log_lines_dropped = log::lost_lines(),
        .audit_lines_dropped = audit_.lost(),
        .internal_failures = failed_tasks(),
        .endpoint_refusals = {},
        .store_changes_unwritten = stores_.owed().size(),
        .files_missing = missing_.all().size(),
    };
    auto const refused_at = [&](metrics::endpoint where) -> auto&
    {
        return values.endpoint_refusals.at(static_cast<std::size_t>(where));
    };
    refused_at(metrics::endpoint::metrics) = http_->refused();
    for (auto const& socket : admin_sockets_)
        refused_at(socket->name()) = socket->refused();
    return exposition_->text(values);
}

// All of them, or none: then why is logged.
bool supervisor::start_workers()
{
    signals_blocked const quiet;
    auto const failure = attempt("start", [this] {
        for (auto const& module : protocols_.modules())
            module->start();
        for (auto& one : workers_)
            threads_.emplace_back([&one] { serve_on(*one); });
    });
    if (failure.empty())
        return true;
    for (std::size_t i = 0; i < threads_.size(); ++i) {
        workers_[i]->post_stop();
        threads_[i].join();
    }
    threads_.clear();
    stop_modules();
    return false;
}

// What a task throws ends that task: the loop goes on with the next one.
void supervisor::serve()
{
    while (!attempt("main loop", [this] { context_.run(); }).empty())
        continue;
}

int supervisor::run()
{
    exposition_.emplace(make_exposition(snapshot_));
    for (auto const& listener : snapshot_->settings.listeners)
        warn_about_unsafe_generations(listener);
    auto const& settings = snapshot_->settings;
    snapshot_->descriptors->allow(
        descriptors_for_devices(settings.workers * settings.backends.size())
    );
    if (!start_workers())
        return 1;
    watch_.start();
    clock_watch_.start();
    memory_->start();
    missing_.start();
    if (http_)
        http_->start();
    for (auto const& socket : admin_sockets_)
        socket->start();
    log::write(
        log::level::info,
        "started",
        {{"version", version},
         {"workers", workers_.size()},
         {"listeners", snapshot_->settings.listeners.size()}}
    );
    if (was_hung_up())
        reload(reload_scope::everything, [](auto const&) {});
    boost::asio::co_spawn(context_.get_executor(), run_supervisor(*this), task_ended{});
    serve();
    report_owed_changes();
    log::write(log::level::info, "stopped", {});
    leave_if_busy();
    return 0;
}

// They were in force until now, and will not be after the next start.
void supervisor::report_owed_changes() const
{
    for (auto const& change : stores_.owed().all())
        log::write(
            log::level::error,
            "change of a store lost",
            {{"credentials", change.set.name},
             {"device", change.device.text()},
             {"what", name_of(change)},
             {"detail", "it never got to the disk; repeat it after the next start: " + change.why}}
        );
}

// A file that is being read, or a store that is being written, is not waited for: what is written
// is whole or not there.
void supervisor::leave_if_busy()
{
    if (!reloader_.busy() && !jobs_.busy() && !stores_.busy())
        return;
    admin_sockets_.clear();
    log::stop();
    ::_exit(0);
}

void supervisor::on_signal(int number)
{
    if (number == SIGHUP)
        reload(reload_scope::everything, [](auto const&) {});
    else
        begin_drain();
}

void supervisor::begin_drain()
{
    if (draining_)
        return;
    draining_ = true;
    signals_.cancel();
    drain_until_ = read_clock() + snapshot_->settings.shutdown_timeout;
    log::write(
        log::level::info, "draining", {{"timeout_ms", snapshot_->settings.shutdown_timeout.count()}}
    );
    for (auto& one : workers_)
        one->post_drain();
    watch_for_second_signal();
}

// A second signal ends the drain at once.
void supervisor::watch_for_second_signal()
{
    signals_.async_wait([this](boost::system::error_code failure, int number) {
        if (failure)
            return;
        if (number == SIGHUP)
            watch_for_second_signal();
        else
            ended_ = true;
    });
}

// Messages wait for an absent backend, other records do not.
bool supervisor::drained() const
{
    for (auto const& cells : snapshot_->cells)
        for (std::size_t i = 0; i < cells.backends.size(); ++i) {
            auto const& backend = cells.backends[i];
            bool const unsent = backend.connected.value() != 0 && backend.unsent_bytes.value() != 0;
            if (backend.queued_messages.value() != 0 || unsent)
                return false;
        }
    return std::all_of(workers_.begin(), workers_.end(), [](auto const& one) {
        return one->drained();
    });
}

// The workers are there still, so that work for them can be posted, and is not done.
void supervisor::stop_modules()
{
    for (auto const& module : protocols_.modules())
        module->stop();
}

void supervisor::stop_workers()
{
    std::uint64_t lost = 0;
    for (auto const& cells : snapshot_->cells)
        for (std::size_t i = 0; i < cells.backends.size(); ++i)
            lost += cells.backends[i].queued_messages.value();
    if (lost > 0)
        log::write(
            log::level::error,
            "messages lost",
            {{"messages", lost}, {"detail", "no backend took them before the drain ended"}}
        );
    for (auto& one : workers_)
        one->post_stop();
    for (auto& thread : threads_)
        thread.join();
    threads_.clear();
    stop_modules();
    attempt("state", [this] { memory_->save(); });
    std::uint64_t cut = 0;
    for (auto const& one : workers_)
        cut += one->sessions_cut();
    if (cut > 0)
        log::write(
            log::level::error,
            "sessions cut",
            {{"sessions", cut}, {"detail", "messages of their devices were still unread"}}
        );
}

}  // namespace gatehouse
