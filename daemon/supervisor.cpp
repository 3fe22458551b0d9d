#include "supervisor.h"

#include "crypto/library.h"
#include "net/clock.h"
#include "net/endpoints.h"
#include "net/log.h"
#include "net/protocol_host.h"
#include "version.h"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <csignal>
#include <utility>

namespace gatehouse {

namespace {

constexpr std::chrono::milliseconds drain_poll{10};

std::uint64_t count_keys(identity::keyring const& keyring, metrics::key_state state)
{
    auto const now = read_wall_clock();
    switch (state) {
    case metrics::key_state::active:
        return keyring.count(identity::key_state::active, now);
    case metrics::key_state::expiring:
        return keyring.count(identity::key_state::expiring, now);
    case metrics::key_state::expired:
        return keyring.count(identity::key_state::expired, now);
    case metrics::key_state::pending:
        return keyring.count(identity::key_state::pending, now);
    case metrics::key_state::revoked:
        return 0;
    }
    return 0;
}

void log_cannot_bind(
    std::string const& what, config::endpoint const& at, boost::system::error_code why
)
{
    log::write(
        log::level::error,
        "cannot bind",
        {{"listener", what}, {"address", at.ip}, {"port", at.port}, {"detail", why.message()}}
    );
}

}  // namespace

// Signals, and while draining a look at the workers now and then.
task run_supervisor(supervisor& self)
{
    while (!self.ended_) {
        if (!self.draining_) {
            auto const [failure, number] = co_await self.signals_.async_wait(awaiting);
            if (!failure)
                self.on_signal(number);
            continue;
        }
        self.poll_.expires_after(drain_poll);
        auto const [cancelled] = co_await self.poll_.async_wait(awaiting);
        static_cast<void>(cancelled);
        if (self.drained() || read_clock() >= self.drain_until_)
            self.ended_ = true;
    }
    self.stop_workers();
    self.context_.stop();  // whatever a scraper still has open does not delay the exit
}

supervisor::supervisor(std::unique_ptr<shared_house> house)
    : house_{std::move(house)}
    , signals_{context_.get_executor(), SIGTERM, SIGINT, SIGHUP}
    , poll_{context_.get_executor()}
{
    for (std::uint32_t i = 0; i < house_->settings.workers; ++i)
        workers_.push_back(std::make_unique<worker>(static_cast<std::uint8_t>(i), *house_, workers_)
        );
}

supervisor::~supervisor() = default;

bool supervisor::bind()
{
    for (std::size_t i = 0; i < house_->settings.listeners.size(); ++i)
        if (!bind_listener(i))
            return false;
    return !house_->settings.metrics_enabled || bind_metrics();
}

bool supervisor::bind_listener(std::size_t index)
{
    bool const is_udp = house_->settings.listeners[index].transport == config::transport::udp;
    return is_udp ? bind_datagrams(index) : bind_streams(index);
}

// As for streams, and the kernel is told which worker a datagram is for.
bool supervisor::bind_datagrams(std::size_t index)
{
    auto const& listener = house_->settings.listeners[index];
    auto address = to_datagram_address(listener.bind);
    socket_buffers const wanted{listener.udp.receive_buffer, listener.udp.send_buffer};
    if (auto const alone = gatehouse::bind_datagrams(context_, address, port_sharing::none, wanted);
        alone.failure) {
        log_cannot_bind(listener.name, listener.bind, alone.failure);
        return false;
    }
    socket_buffers granted;
    int steering = 0;
    for (auto& one : workers_) {
        auto bound =
            gatehouse::bind_datagrams(one->context(), address, port_sharing::with_workers, wanted);
        if (bound.failure) {
            log_cannot_bind(listener.name, listener.bind, bound.failure);
            return false;
        }
        address.port(bound.socket.local_endpoint().port());
        granted = bound.granted;
        if (one == workers_.back() && workers_.size() > 1)
            steering = steer_datagrams(
                bound.socket.native_handle(), named_frames(listener), workers_.size()
            );
        one->add_listener(index, std::move(bound.socket));
    }
    report_datagram_listener(index, to_text(address), granted, steering);
    return true;
}

void supervisor::report_datagram_listener(
    std::size_t index, std::string const& address, socket_buffers granted, int steering
) const
{
    auto const& listener = house_->settings.listeners[index];
    log::write(
        log::level::info,
        "listening",
        {{"listener", listener.name},
         {"protocol", "usmp"},
         {"transport", "udp"},
         {"address", address},
         {"receive_buffer", granted.receive},
         {"send_buffer", granted.send}}
    );
    if (steering != 0)
        log::write(
            log::level::warn,
            "kernel does not steer datagrams",
            {{"listener", listener.name},
             {"detail",
              boost::system::error_code{steering, boost::system::system_category()}.message() +
                  ": workers hand them over to each other"}}
        );
    if (granted.receive < listener.udp.receive_buffer || granted.send < listener.udp.send_buffer)
        log::write(
            log::level::warn,
            "socket buffer is smaller than asked for",
            {{"listener", listener.name},
             {"receive_buffer", granted.receive},
             {"send_buffer", granted.send},
             {"detail", "raise net.core.rmem_max and net.core.wmem_max, or lower the setting"}}
        );
}

// Each worker has a socket of its own on the same port; the kernel spreads connections over them.
bool supervisor::bind_streams(std::size_t index)
{
    auto const& listener = house_->settings.listeners[index];
    auto address = to_socket_address(listener.bind);
    // With SO_REUSEPORT a second daemon of the same user would share the port without a word, and
    // take half of the fleet: ask for the port alone first.
    if (auto const alone = bind_stream(context_, address, port_sharing::none); alone.failure) {
        log_cannot_bind(listener.name, listener.bind, alone.failure);
        return false;
    }
    for (auto& one : workers_) {
        auto bound = bind_stream(one->context(), address, port_sharing::with_workers);
        if (bound.failure) {
            log_cannot_bind(listener.name, listener.bind, bound.failure);
            return false;
        }
        address.port(bound.acceptor.local_endpoint().port());
        one->add_listener(index, std::move(bound.acceptor));
    }
    log::write(
        log::level::info,
        "listening",
        {{"listener", listener.name},
         {"protocol", "usmp"},
         {"transport", "tcp"},
         {"address", to_text(address)}}
    );
    return true;
}

bool supervisor::bind_metrics()
{
    auto bound =
        bind_stream(context_, to_socket_address(house_->settings.metrics), port_sharing::none);
    if (bound.failure) {
        log_cannot_bind("metrics", house_->settings.metrics, bound.failure);
        return false;
    }
    auto const address = to_text(bound.acceptor.local_endpoint());
    http_ = std::make_unique<http_endpoint>(
        context_,
        std::move(bound.acceptor),
        http_answers{
            .metrics =
                [this] { return exposition_->text({.log_lines_dropped = log::dropped_lines()}); },
            .ready = [this] { return !draining_; },
        }
    );
    log::write(log::level::info, "listening", {{"listener", "metrics"}, {"address", address}});
    return true;
}

metrics::exposition supervisor::make_exposition() const
{
    metrics::labels names;
    names.version = version;
    names.openssl = crypto::library_version();
    for (auto const& listener : house_->settings.listeners)
        names.listeners.push_back(
            {listener.name,
             "usmp",
             unsafe_generations(listener),
             listener.transport == config::transport::udp}
        );
    for (auto const& backend : house_->settings.backends)
        names.backends.push_back(backend.name);
    for (std::size_t i = 0; i < house_->keyrings.size(); ++i) {
        auto const keyring = house_->keyrings[i];
        names.credentials.push_back({
            .name = house_->settings.credentials[i].name,
            .key_ids = keyring->key_ids(),
            .count = [keyring](metrics::key_state state) { return count_keys(*keyring, state); },
        });
    }
    std::vector<metrics::worker_cells const*> cells;
    for (auto const& one : workers_)
        cells.push_back(&one->cells());
    return {std::move(names), std::move(cells)};
}

void supervisor::warn_about_unsafe_generations() const
{
    for (auto const& listener : house_->settings.listeners)
        for (auto const& generation : unsafe_generations(listener))
            log::write(
                log::level::warn,
                "unsafe generation admitted",
                {{"listener", listener.name},
                 {"generation", generation},
                 {"detail",
                  generation == "1"
                      ? "releases 0.2.x and 0.3.x: a man in the middle can read and change "
                        "everything"
                      : "release 0.4.7: one key for both directions leaks plaintext to listeners"}}
            );
}

void supervisor::start_workers()
{
    // Signals are the main thread's: workers inherit a mask that blocks them.
    sigset_t all{};
    sigset_t before{};
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, &before);
    for (auto& one : workers_)
        threads_.emplace_back([&one] { one->run(); });
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

int supervisor::run()
{
    std::signal(SIGPIPE, SIG_IGN);
    exposition_.emplace(make_exposition());
    warn_about_unsafe_generations();
    start_workers();
    if (http_)
        http_->start();
    log::write(
        log::level::info,
        "started",
        {{"version", version},
         {"workers", workers_.size()},
         {"listeners", house_->settings.listeners.size()}}
    );
    boost::asio::co_spawn(context_.get_executor(), run_supervisor(*this), task_ended{});
    context_.run();
    log::write(log::level::info, "stopped", {});
    return 0;
}

void supervisor::on_signal(int number)
{
    if (number == SIGHUP) {
        log::write(
            log::level::warn,
            "reload is not available in this version",
            {{"detail", "restart to apply a changed configuration"}}
        );
        return;
    }
    begin_drain();
}

void supervisor::begin_drain()
{
    draining_ = true;
    drain_until_ = read_clock() + house_->settings.shutdown_timeout;
    log::write(
        log::level::info, "draining", {{"timeout_ms", house_->settings.shutdown_timeout.count()}}
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

bool supervisor::drained() const
{
    return std::all_of(workers_.begin(), workers_.end(), [](auto const& one) {
        return one->drained();
    });
}

void supervisor::stop_workers()
{
    std::uint64_t lost = 0;
    for (auto const& one : workers_)
        lost += one->messages_waiting();
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
