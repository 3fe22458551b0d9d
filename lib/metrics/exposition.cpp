#include "metrics/exposition.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <limits>
#include <utility>

namespace gatehouse::metrics {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using label_list = std::vector<ClientMetric::Label>;

class family {
public:
    family(std::string name, std::string help, MetricType type)
    {
        made_.name = std::move(name);
        made_.help = std::move(help);
        made_.type = type;
    }

    void value(label_list labels, std::uint64_t number)
    {
        auto& metric = add(std::move(labels));
        if (made_.type == MetricType::Counter)
            metric.counter.value = static_cast<double>(number);
        else
            metric.gauge.value = static_cast<double>(number);
    }

    ClientMetric& add(label_list labels)
    {
        made_.metric.emplace_back().label = std::move(labels);
        return made_.metric.back();
    }

    MetricFamily take() { return std::move(made_); }

private:
    MetricFamily made_;
};

// The sum over all workers of the cell that `pick` names.
template <class Pick>
std::uint64_t sum(std::vector<worker_cells const*> const& workers, Pick pick)
{
    std::uint64_t total = 0;
    for (auto const* worker : workers)
        total += pick(*worker).value();
    return total;
}

struct scrape {
    labels const& names;
    std::vector<worker_cells const*> const& workers;
    std::vector<std::size_t> listeners;  // those to be shown, as indices

    label_list of_listener(std::size_t i) const
    {
        return {{"listener", names.listeners[i].name}, {"protocol", names.listeners[i].protocol}};
    }

    // One number a listener.
    template <class Pick>
    MetricFamily per_listener(family into, Pick pick) const
    {
        for (auto const i : listeners)
            into.value(of_listener(i), sum(workers, [&](worker_cells const& w) -> cell const& {
                           return pick(w.listeners[i]);
                       }));
        return into.take();
    }

    // One number a listener and value of a label.
    template <std::size_t N, class Pick>
    MetricFamily per_listener(
        family into,
        std::string const& label,
        std::array<std::string_view, N> const& values,
        Pick pick
    ) const
    {
        for (auto const i : listeners)
            for (std::size_t v = 0; v < N; ++v) {
                auto labels = of_listener(i);
                labels.push_back({label, std::string{values[v]}});
                into.value(
                    std::move(labels),
                    sum(workers,
                        [&](worker_cells const& w) -> cell const& {
                            return pick(w.listeners[i])[v];
                        })
                );
            }
        return into.take();
    }

    prometheus::ClientMetric::Histogram handshake_times(std::size_t listener) const;
    MetricFamily handshake_seconds() const;
    MetricFamily unsafe_generations() const;
    MetricFamily unsafe_listeners() const;
    MetricFamily credentials() const;
    MetricFamily credential_sessions() const;
    template <class Value>
    MetricFamily per_accepting_key(family into, Value value) const;
    template <class Value>
    MetricFamily per_backend(family into, Value value) const;
};

prometheus::ClientMetric::Histogram scrape::handshake_times(std::size_t listener) const
{
    constexpr double a_second = 1e6;  // in microseconds
    prometheus::ClientMetric::Histogram made;
    for (std::size_t b = 0; b <= handshake_bounds.size(); ++b) {
        made.sample_count += sum(workers, [&](worker_cells const& w) -> cell const& {
            return w.listeners[listener].handshake_time.buckets[b];
        });
        auto const bound = b < handshake_bounds.size()
                               ? static_cast<double>(handshake_bounds[b]) / a_second
                               : std::numeric_limits<double>::infinity();
        made.bucket.push_back({made.sample_count, bound});
    }
    auto const total = sum(workers, [&](worker_cells const& w) -> cell const& {
        return w.listeners[listener].handshake_time.sum;
    });
    made.sample_sum = static_cast<double>(total) / a_second;
    return made;
}

MetricFamily scrape::handshake_seconds() const
{
    family into{
        "gatehouse_handshake_seconds",
        "Time from a device's complete hello to its authenticated session.",
        MetricType::Histogram,
    };
    for (auto const i : listeners)
        into.add(of_listener(i)).histogram = handshake_times(i);
    return into.take();
}

MetricFamily scrape::unsafe_generations() const
{
    family into{
        "gatehouse_unsafe_generations",
        "1 for each unsafe generation that a listener admits.",
        MetricType::Gauge,
    };
    for (auto const& listener : names.listeners)
        for (auto const& generation : listener.unsafe_generations)
            into.value({{"listener", listener.name}, {"generation", generation}}, 1);
    return into.take();
}

MetricFamily scrape::unsafe_listeners() const
{
    family into{
        "gatehouse_unsafe_listener",
        "1 for a listener whose protocol protects nothing from an active attacker.",
        MetricType::Gauge,
    };
    for (auto const i : listeners)
        into.value(of_listener(i), names.listeners[i].is_unsafe ? 1 : 0);
    return into.take();
}

MetricFamily scrape::credentials() const
{
    family into{"gatehouse_credentials", "Keys by the state of their window.", MetricType::Gauge};
    for (auto const& set : names.credentials)
        for (std::size_t s = 0; s < key_state_names.size() && !set.name.empty(); ++s)
            into.value(
                {{"credentials", set.name}, {"state", std::string{key_state_names[s]}}},
                set.count(static_cast<key_state>(s))
            );
    return into.take();
}

MetricFamily scrape::credential_sessions() const
{
    family into{
        "gatehouse_credential_sessions",
        "Live sessions by the id of the key that proved their device.",
        MetricType::Gauge,
    };
    for (std::size_t s = 0; s < names.credentials.size(); ++s)
        for (std::size_t k = 0; k < names.credentials[s].key_ids.size(); ++k)
            into.value(
                {{"credentials", names.credentials[s].name},
                 {"credential", names.credentials[s].key_ids[k]}},
                sum(workers,
                    [&](worker_cells const& w) -> cell const& {
                        return w.credential_sessions[s][k];
                    })
            );
    return into.take();
}

template <class Value>
MetricFamily scrape::per_accepting_key(family into, Value value) const
{
    for (auto const& set : names.credentials)
        for (auto const& key : set.accepting)
            into.value({{"credentials", set.name}, {"credential", key.id}}, value(key));
    return into.take();
}

template <class Value>
MetricFamily scrape::per_backend(family into, Value value) const
{
    for (std::size_t i = 0; i < names.backends.size(); ++i)
        if (!names.backends[i].empty())
            into.value({{"backend", names.backends[i]}}, value(i));
    return into.take();
}

// NOLINTNEXTLINE(readability-function-size): a table
std::vector<MetricFamily> listener_families(scrape const& all)
{
    constexpr auto counter = MetricType::Counter;
    constexpr auto gauge = MetricType::Gauge;
    using cells = listener_cells const&;
    return {
        all.per_listener(
            {"gatehouse_sessions", "Authenticated sessions.", gauge},
            [](cells c) -> auto const& { return c.sessions; }
        ),
        all.per_listener(
            {"gatehouse_half_open_connections", "Connections without a complete hello.", gauge},
            [](cells c) -> auto const& { return c.half_open; }
        ),
        all.per_listener(
            {"gatehouse_half_records_dropped_total",
             "Unfinished frames and messages that made way for others.",
             counter},
            [](cells c) -> auto const& { return c.parts_dropped; }
        ),
        all.per_listener(
            {"gatehouse_session_lines_left_out_total",
             "Log lines about sessions that were left out, as there were too many of one device.",
             counter},
            [](cells c) -> auto const& { return c.lines_left_out; }
        ),
        all.per_listener(
            {"gatehouse_handshakes_total", "Handshakes by how they ended.", counter},
            "result",
            handshake_result_names,
            [](cells c) -> auto const& { return c.handshakes; }
        ),
        all.per_listener(
            {"gatehouse_limited_total",
             "Connections, handshakes and requests refused, or made to go, by limit.",
             counter},
            "limit",
            limit_names,
            [](cells c) -> auto const& { return c.limited; }
        ),
        all.handshake_seconds(),
        all.per_listener(
            {"gatehouse_sessions_closed_total", "Sessions that ended, by reason.", counter},
            "reason",
            end_reason_names,
            [](cells c) -> auto const& { return c.closed; }
        ),
        all.per_listener(
            {"gatehouse_messages_total", "Whole messages.", counter},
            "direction",
            direction_names,
            [](cells c) -> auto const& { return c.messages; }
        ),
        all.per_listener(
            {"gatehouse_message_bytes_total", "Bytes of whole messages.", counter},
            "direction",
            direction_names,
            [](cells c) -> auto const& { return c.message_bytes; }
        ),
        all.per_listener(
            {"gatehouse_rejected_frames_total", "Frames rejected in sessions, by reason.", counter},
            "reason",
            rejection_names,
            [](cells c) -> auto const& { return c.rejected; }
        ),
        all.unsafe_generations(),
        all.unsafe_listeners(),
    };
}

// For listeners over datagrams only.
std::vector<MetricFamily> datagram_families(scrape const& datagrams)
{
    constexpr auto counter = MetricType::Counter;
    using cells = listener_cells const&;
    return {
        datagrams.per_listener(
            {"gatehouse_datagrams_dropped_total",
             "Datagrams that were for nobody, or could not be taken or sent, by reason.",
             counter},
            "reason",
            datagram_drop_names,
            [](cells c) -> auto const& { return c.dropped; }
        ),
        datagrams.per_listener(
            {"gatehouse_session_moves_total", "Sessions that followed their device.", counter},
            [](cells c) -> auto const& { return c.moves; }
        ),
        datagrams.per_listener(
            {"gatehouse_retransmitted_frames_total", "Frames sent again to devices.", counter},
            [](cells c) -> auto const& { return c.retransmitted; }
        ),
        datagrams.per_listener(
            {"gatehouse_undelivered_messages_total",
             "Messages that devices did not acknowledge.",
             counter},
            [](cells c) -> auto const& { return c.undelivered; }
        ),
        datagrams.per_listener(
            {"gatehouse_hello_retries_total",
             "Hellos answered by asking for a proof of the address.",
             counter},
            [](cells c) -> auto const& { return c.hello_retries; }
        ),
        datagrams.per_listener(
            {"gatehouse_cookies_required",
             "Workers on which hellos must prove their address now.",
             MetricType::Gauge},
            [](cells c) -> auto const& { return c.asks_cookies; }
        ),
    };
}

// For listeners with a protocol of single requests only.
std::vector<MetricFamily> request_families(scrape const& requests)
{
    using cells = listener_cells const&;
    using accepting = credential_labels::accepting_key const&;
    return {
        requests.per_listener(
            {"gatehouse_requests_total",
             "Datagrams that were or should have been requests, by what became of them.",
             MetricType::Counter},
            "result",
            request_result_names,
            [](cells c) -> auto const& { return c.requests; }
        ),
        requests.per_listener(
            {"gatehouse_requests_remembered",
             "Requests that are known when they come again.",
             MetricType::Gauge},
            [](cells c) -> auto const& { return c.remembered; }
        ),
        requests.per_listener(
            {"gatehouse_requests_forgotten_early_total",
             "Requests that were forgotten before their time, for want of room.",
             MetricType::Counter},
            [](cells c) -> auto const& { return c.forgotten_early; }
        ),
        requests.per_accepting_key(
            {"gatehouse_pssst_once_requests",
             "Requests that a key of the gateway has accepted in its life.",
             MetricType::Gauge},
            [](accepting key) { return key.accepted(); }
        ),
        requests.per_accepting_key(
            {"gatehouse_pssst_once_capacity",
             "Requests that a key of the gateway may accept in its life.",
             MetricType::Gauge},
            [](accepting key) { return key.capacity; }
        ),
    };
}

// 1 when every worker has its connection: half a backend is not one.
std::uint64_t is_connected(scrape const& all, std::size_t backend)
{
    return static_cast<std::uint64_t>(std::all_of(
        all.workers.begin(),
        all.workers.end(),
        [&](worker_cells const* w) { return w->backends[backend].connected.value() != 0; }
    ));
}

std::uint64_t reconnects(scrape const& all, std::size_t backend)
{
    std::uint64_t total = 0;
    for (auto const* worker : all.workers) {
        auto const made = worker->backends[backend].connections.value();
        total += made > 1 ? made - 1 : 0;
    }
    return total;
}

// NOLINTNEXTLINE(readability-function-size): a table
std::vector<MetricFamily> backend_families(scrape const& all)
{
    auto const sum_of = [&](cell backend_cells::*which) {
        return [&all, which](std::size_t i) {
            return sum(all.workers, [i, which](worker_cells const& w) -> cell const& {
                return w.backends[i].*which;
            });
        };
    };
    return {
        all.per_backend(
            {"gatehouse_backend_connected",
             "1 while every worker is connected to the backend.",
             MetricType::Gauge},
            [&](std::size_t i) { return is_connected(all, i); }
        ),
        all.per_backend(
            {"gatehouse_backend_queued_bytes",
             "Bytes of records that wait for delivery to the backend.",
             MetricType::Gauge},
            sum_of(&backend_cells::queued_bytes)
        ),
        all.per_backend(
            {"gatehouse_backend_queued_messages",
             "Messages that wait for delivery to the backend.",
             MetricType::Gauge},
            sum_of(&backend_cells::queued_messages)
        ),
        all.per_backend(
            {"gatehouse_backend_reconnects_total",
             "Connections to the backend after each worker's first.",
             MetricType::Counter},
            [&](std::size_t i) { return reconnects(all, i); }
        ),
        all.per_backend(
            {"gatehouse_backend_refused_records_total",
             "Records of the backend that could not be obeyed.",
             MetricType::Counter},
            sum_of(&backend_cells::refused_records)
        ),
        all.per_backend(
            {"gatehouse_backend_errors_dropped_total",
             "Error records that were not sent because the backend does not read.",
             MetricType::Counter},
            sum_of(&backend_cells::dropped_errors)
        ),
        all.per_backend(
            {"gatehouse_backend_forwarded_bytes",
             "Bytes of the backend's commands that are on their way between workers.",
             MetricType::Gauge},
            sum_of(&backend_cells::forwarded_bytes)
        ),
        all.per_backend(
            {"gatehouse_backend_unread_connections",
             "Connections whose commands are not read because too many are on their way.",
             MetricType::Gauge},
            sum_of(&backend_cells::unread)
        ),
        all.per_backend(
            {"gatehouse_backend_reading_pauses_total",
             "How often commands of the backend were left unread for that reason.",
             MetricType::Counter},
            sum_of(&backend_cells::pauses)
        ),
    };
}

MetricFamily endpoint_refusals(process_values const& process)
{
    family into{
        "gatehouse_endpoint_connections_refused_total",
        "Connections to the metrics and administration endpoints that were refused or made to go.",
        MetricType::Counter,
    };
    for (std::size_t e = 0; e < endpoint_names.size(); ++e)
        for (std::size_t r = 0; r < endpoint_refusal_names.size(); ++r)
            into.value(
                {{"endpoint", std::string{endpoint_names[e]}},
                 {"reason", std::string{endpoint_refusal_names[r]}}},
                process.endpoint_refusals[e][r]
            );
    return into.take();
}

// One number of the process, without labels.
struct process_number {
    char const* name;
    char const* help;
    MetricType type;
    std::uint64_t process_values::*value;
};

constexpr std::array<process_number, 6> process_numbers{{
    {"gatehouse_config_generation",
     "Number of the configuration in force, from 1.",
     MetricType::Gauge,
     &process_values::config_generation},
    {"gatehouse_log_lines_dropped_total",
     "Log lines that were lost, for whatever reason.",
     MetricType::Counter,
     &process_values::log_lines_dropped},
    {"gatehouse_audit_lines_dropped_total",
     "Audit lines that could not be written.",
     MetricType::Counter,
     &process_values::audit_lines_dropped},
    {"gatehouse_internal_failures_total",
     "Tasks of the daemon itself that failed in a way that should not be possible.",
     MetricType::Counter,
     &process_values::internal_failures},
    {"gatehouse_store_changes_unwritten",
     "Changes of managed stores that are in force and not on the disk yet.",
     MetricType::Gauge,
     &process_values::store_changes_unwritten},
    {"gatehouse_files_missing",
     "The state directory, files in it and stores that are not where they were.",
     MetricType::Gauge,
     &process_values::files_missing},
}};

std::vector<MetricFamily> process_families(scrape const& all, process_values const& process)
{
    family info{"gatehouse_build_info", "Version of the daemon and of OpenSSL.", MetricType::Gauge};
    info.value({{"version", all.names.version}, {"openssl", all.names.openssl}}, 1);
    family reloads{
        "gatehouse_config_reloads_total", "Configuration reloads by result.", MetricType::Counter};
    reloads.value({{"result", "ok"}}, process.reloads_ok);
    reloads.value({{"result", "failed"}}, process.reloads_failed);
    family failing{
        "gatehouse_config_reload_failing",
        "1 from a reload that failed until the next that does not.",
        MetricType::Gauge,
    };
    failing.value({}, process.reload_failing ? 1 : 0);
    std::vector<MetricFamily> made{
        info.take(), reloads.take(), failing.take(), endpoint_refusals(process)};
    for (auto const& [name, help, type, value] : process_numbers) {
        family one{name, help, type};
        one.value({}, process.*value);
        made.push_back(one.take());
    }
    return made;
}

}  // namespace

std::string exposition::text(process_values const& process) const
{
    std::vector<std::size_t> every;
    std::vector<std::size_t> over_datagrams;
    std::vector<std::size_t> of_requests;
    for (std::size_t i = 0; i < names_.listeners.size(); ++i) {
        if (names_.listeners[i].name.empty())
            continue;
        every.push_back(i);
        if (names_.listeners[i].datagrams)
            over_datagrams.push_back(i);
        if (names_.listeners[i].requests)
            of_requests.push_back(i);
    }
    scrape const all{names_, workers_, every};
    scrape const datagrams{names_, workers_, over_datagrams};
    scrape const requests{names_, workers_, of_requests};
    auto families = process_families(all, process);
    for (auto part : {listener_families(all), backend_families(all)})
        std::move(part.begin(), part.end(), std::back_inserter(families));
    if (!over_datagrams.empty())
        for (auto& one : datagram_families(datagrams))
            families.push_back(std::move(one));
    if (!of_requests.empty())
        for (auto& one : request_families(requests))
            families.push_back(std::move(one));
    families.push_back(all.credentials());
    families.push_back(all.credential_sessions());
    return prometheus::TextSerializer{}.Serialize(families);
}

}  // namespace gatehouse::metrics
