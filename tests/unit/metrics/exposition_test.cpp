#include "metrics/exposition.h"
#include "unit/metrics/exposition_text.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using metrics::cell_of;
using metrics::key_state;

// Two listeners, two backends and a credential set with two keys, counted by two workers.
struct gateway {
    gateway()
    {
        names.version = "0.1.0";
        names.openssl = "OpenSSL 3.0.17";
        names.listeners = {{"fleet", "usmp", {}}, {"old", "usmp", {"1", "1-bound"}}};
        names.backends = {"telemetry", "alarms"};
        names.credentials = {{"fleet", {"2026-05", "2026-11"}, [](key_state state) {
                                  return 10 + static_cast<std::uint64_t>(state);
                              }}};
        for (auto& worker : workers) {
            worker.listeners.resize(names.listeners.size());
            worker.backends.resize(names.backends.size());
            worker.credential_sessions.emplace_back(2);
        }
    }

    std::string raw() const
    {
        metrics::exposition const page{names, {&workers[0], &workers[1]}};
        return page.text(process);
    }
    exposition_text scrape() const { return exposition_text{raw()}; }

    metrics::labels names;
    metrics::process_values process;
    std::array<metrics::worker_cells, 2> workers;
};

label_map const fleet{{"listener", "fleet"}, {"protocol", "usmp"}};
label_map const old{{"listener", "old"}, {"protocol", "usmp"}};

label_map with(label_map labels, std::string const& name, std::string const& value)
{
    labels.emplace(name, value);
    return labels;
}

TEST(exposition, build_info_names_the_versions)
{
    EXPECT_EQ(
        gateway{}.scrape().value(
            "gatehouse_build_info", {{"version", "0.1.0"}, {"openssl", "OpenSSL 3.0.17"}}
        ),
        "1"
    );
}

TEST(exposition, endpoints_have_every_reason_from_the_start)
{
    gateway all;
    auto const series = [&](std::string const& endpoint, std::string const& reason) {
        return all.scrape().value(
            "gatehouse_endpoint_connections_refused_total",
            {{"endpoint", endpoint}, {"reason", reason}}
        );
    };
    for (auto const* endpoint : {"metrics", "admin", "admin_read_only"})
        for (auto const* reason : {"forbidden", "full", "evicted", "timeout"})
            EXPECT_EQ(series(endpoint, reason), "0");
    all.process.endpoint_refusals[1] = {1, 2, 3, 4};
    EXPECT_EQ(series("admin", "full"), "2");
    EXPECT_EQ(series("admin", "timeout"), "4");
    EXPECT_EQ(series("metrics", "full"), "0");
}

TEST(exposition, what_a_backend_is_not_told_or_not_asked_is_counted)
{
    gateway all;
    auto const series = [&](std::string const& name) {
        return all.scrape().value("gatehouse_backend_" + name, {{"backend", "alarms"}});
    };
    for (auto const* name :
         {"errors_dropped_total", "forwarded_bytes", "unread_connections", "reading_pauses_total"})
        EXPECT_EQ(series(name), "0") << name;
    for (auto& worker : all.workers) {
        worker.backends[1].dropped_errors.add(1);
        worker.backends[1].forwarded_bytes.set(20);
        worker.backends[1].unread.set(1);
        worker.backends[1].pauses.add(40);
    }
    EXPECT_EQ(series("errors_dropped_total"), "2");
    EXPECT_EQ(series("forwarded_bytes"), "40");
    EXPECT_EQ(series("unread_connections"), "2");
    EXPECT_EQ(series("reading_pauses_total"), "80");
}

// The contract's table. A dashboard must not wait for the first event to see a series.
TEST(exposition, every_series_of_a_listener_is_there_from_the_start)
{
    auto const page = gateway{}.scrape();
    for (auto const& listener : {fleet, old}) {
        EXPECT_EQ(page.value("gatehouse_sessions", listener), "0");
        for (auto const* result :
             {"ok",
              "auth_failed",
              "unknown_device",
              "malformed",
              "timeout",
              "limited",
              "unsupported"})
            EXPECT_EQ(
                page.value("gatehouse_handshakes_total", with(listener, "result", result)), "0"
            ) << result;
        for (auto const* reason :
             {"bye",
              "eof",
              "idle",
              "age",
              "revoked",
              "replaced",
              "protocol",
              "backend",
              "shutdown",
              "admin"})
            EXPECT_EQ(
                page.value("gatehouse_sessions_closed_total", with(listener, "reason", reason)), "0"
            ) << reason;
        for (auto const* direction : {"up", "down"}) {
            EXPECT_EQ(
                page.value("gatehouse_messages_total", with(listener, "direction", direction)), "0"
            );
            EXPECT_EQ(
                page.value("gatehouse_message_bytes_total", with(listener, "direction", direction)),
                "0"
            );
        }
        for (auto const* reason : {"replay", "decrypt", "malformed", "sequence", "oversize"})
            EXPECT_EQ(
                page.value("gatehouse_rejected_frames_total", with(listener, "reason", reason)), "0"
            ) << reason;
        EXPECT_EQ(page.value("gatehouse_handshake_seconds_count", listener), "0");
        EXPECT_EQ(page.value("gatehouse_handshake_seconds_sum", listener), "0");
        EXPECT_EQ(
            page.value("gatehouse_handshake_seconds_bucket", with(listener, "le", "+Inf")), "0"
        );
    }
}

TEST(exposition, every_series_of_a_backend_is_there_from_the_start)
{
    auto const page = gateway{}.scrape();
    for (auto const* backend : {"telemetry", "alarms"})
        for (auto const* name :
             {"gatehouse_backend_connected",
              "gatehouse_backend_queued_bytes",
              "gatehouse_backend_reconnects_total"})
            EXPECT_EQ(page.value(name, {{"backend", backend}}), "0") << name;
}

TEST(exposition, every_series_of_a_credential_set_is_there_from_the_start)
{
    auto const page = gateway{}.scrape();
    for (auto const* state : {"active", "expiring", "expired", "revoked"})
        EXPECT_NE(
            page.value("gatehouse_credentials", {{"credentials", "fleet"}, {"state", state}}),
            "absent"
        ) << state;
    for (auto const* key : {"2026-05", "2026-11"})
        EXPECT_EQ(
            page.value(
                "gatehouse_credential_sessions", {{"credentials", "fleet"}, {"credential", key}}
            ),
            "0"
        ) << key;
}

TEST(exposition, every_series_of_the_process_is_there_from_the_start)
{
    auto const page = gateway{}.scrape();
    EXPECT_EQ(page.value("gatehouse_config_reloads_total", {{"result", "ok"}}), "0");
    EXPECT_EQ(page.value("gatehouse_config_reloads_total", {{"result", "failed"}}), "0");
    EXPECT_EQ(page.value("gatehouse_config_generation"), "1");
}

TEST(exposition, kinds_are_as_the_contract_says)
{
    auto const page = gateway{}.scrape();
    for (auto const* name :
         {"gatehouse_build_info",
          "gatehouse_sessions",
          "gatehouse_backend_connected",
          "gatehouse_backend_queued_bytes",
          "gatehouse_credentials",
          "gatehouse_credential_sessions",
          "gatehouse_config_generation"})
        EXPECT_EQ(page.type(name), "gauge") << name;
    for (auto const* name :
         {"gatehouse_handshakes_total",
          "gatehouse_sessions_closed_total",
          "gatehouse_messages_total",
          "gatehouse_message_bytes_total",
          "gatehouse_rejected_frames_total",
          "gatehouse_backend_reconnects_total",
          "gatehouse_config_reloads_total"})
        EXPECT_EQ(page.type(name), "counter") << name;
    EXPECT_EQ(page.type("gatehouse_handshake_seconds"), "histogram");
}

TEST(exposition, counters_and_nothing_else_end_in_total)
{
    auto const page = gateway{}.scrape();
    for (auto const& [name, type] : page.types())
        EXPECT_EQ(name.ends_with("_total"), type == "counter") << name;
}

TEST(exposition, every_family_is_ours_and_explained)
{
    auto const page = gateway{}.scrape();
    for (auto const& [name, type] : page.types()) {
        EXPECT_TRUE(name.starts_with("gatehouse_")) << name;
        EXPECT_TRUE(page.has_help(name)) << name;
    }
}

TEST(exposition, every_sample_belongs_to_a_family)
{
    auto const page = gateway{}.scrape();
    for (auto const& [series, value] : page.samples()) {
        auto family = series.first;
        for (auto const* ending : {"_bucket", "_sum", "_count"})
            if (page.type(family) == "absent" && family.ends_with(ending))
                family.resize(family.size() - std::string_view{ending}.size());
        EXPECT_NE(page.type(family), "absent") << series.first;
    }
}

TEST(exposition, labels_come_from_closed_sets_only)
{
    gateway all;
    auto const before = all.scrape().samples().size();
    for (auto& worker : all.workers)
        for (std::size_t i = 0; i < worker.listeners.size(); ++i) {
            worker.listeners[i].sessions.add(1'000);
            worker.listeners[i].handshake_time.observe(1s);
        }
    EXPECT_EQ(all.scrape().samples().size(), before);
}

TEST(exposition, listeners_are_counted_over_all_workers)
{
    gateway all;
    all.workers[0].listeners[0].sessions.add(3);
    all.workers[1].listeners[0].sessions.add(4);
    all.workers[1].listeners[1].sessions.add(50);
    cell_of(all.workers[0].listeners[0].handshakes, metrics::handshake_result::auth_failed).add(5);
    cell_of(all.workers[1].listeners[0].handshakes, metrics::handshake_result::auth_failed).add(6);
    cell_of(all.workers[1].listeners[0].closed, end_reason::idle).add(7);
    cell_of(all.workers[0].listeners[0].messages, metrics::direction::up).add(8);
    cell_of(all.workers[1].listeners[0].messages, metrics::direction::down).add(9);
    cell_of(all.workers[1].listeners[0].message_bytes, metrics::direction::down).add(10);
    cell_of(all.workers[0].listeners[0].rejected, metrics::rejection::sequence).add(11);
    auto const page = all.scrape();
    EXPECT_EQ(page.value("gatehouse_sessions", fleet), "7");
    EXPECT_EQ(page.value("gatehouse_sessions", old), "50");
    EXPECT_EQ(page.value("gatehouse_handshakes_total", with(fleet, "result", "auth_failed")), "11");
    EXPECT_EQ(page.value("gatehouse_handshakes_total", with(fleet, "result", "ok")), "0");
    EXPECT_EQ(page.value("gatehouse_sessions_closed_total", with(fleet, "reason", "idle")), "7");
    EXPECT_EQ(page.value("gatehouse_messages_total", with(fleet, "direction", "up")), "8");
    EXPECT_EQ(page.value("gatehouse_messages_total", with(fleet, "direction", "down")), "9");
    EXPECT_EQ(page.value("gatehouse_message_bytes_total", with(fleet, "direction", "down")), "10");
    EXPECT_EQ(page.value("gatehouse_message_bytes_total", with(fleet, "direction", "up")), "0");
    EXPECT_EQ(
        page.value("gatehouse_rejected_frames_total", with(fleet, "reason", "sequence")), "11"
    );
}

// A session may end on another worker's watch of the same gauge.
TEST(exposition, a_gauge_may_be_lowered_by_another_worker)
{
    gateway all;
    all.workers[0].listeners[0].sessions.add(3);
    all.workers[1].listeners[0].sessions.subtract(2);
    EXPECT_EQ(all.scrape().value("gatehouse_sessions", fleet), "1");
}

TEST(exposition, large_counters_are_exact)
{
    gateway all;
    cell_of(all.workers[0].listeners[0].message_bytes, metrics::direction::up)
        .add(1'234'567'890'123'456);
    cell_of(all.workers[0].listeners[0].messages, metrics::direction::up)
        .add(9'007'199'254'740'991);
    auto const page = all.scrape();
    EXPECT_EQ(
        page.value("gatehouse_message_bytes_total", with(fleet, "direction", "up")),
        "1234567890123456"
    );
    EXPECT_EQ(
        page.value("gatehouse_messages_total", with(fleet, "direction", "up")), "9007199254740991"
    );
}

TEST(exposition, histogram_buckets_are_cumulative_over_all_workers)
{
    gateway all;
    all.workers[0].listeners[0].handshake_time.observe(1ms);
    all.workers[1].listeners[0].handshake_time.observe(2ms);
    all.workers[0].listeners[0].handshake_time.observe(30ms);
    all.workers[1].listeners[0].handshake_time.observe(60s);
    auto const page = all.scrape();
    std::vector<std::pair<std::string, std::string>> const wanted{
        {"0.001", "1"},
        {"0.0025", "2"},
        {"0.005", "2"},
        {"0.01", "2"},
        {"0.025", "2"},
        {"0.05", "3"},
        {"0.1", "3"},
        {"0.25", "3"},
        {"0.5", "3"},
        {"1", "3"},
        {"2.5", "3"},
        {"5", "3"},
        {"10", "3"},
        {"+Inf", "4"},
    };
    for (auto const& [bound, count] : wanted)
        EXPECT_EQ(page.value("gatehouse_handshake_seconds_bucket", with(fleet, "le", bound)), count)
            << bound;
    EXPECT_EQ(page.count("gatehouse_handshake_seconds_bucket"), 2 * wanted.size());
    EXPECT_EQ(page.value("gatehouse_handshake_seconds_count", fleet), "4");
    EXPECT_NEAR(std::stod(page.value("gatehouse_handshake_seconds_sum", fleet)), 60.033, 1e-9);
    EXPECT_EQ(page.value("gatehouse_handshake_seconds_count", old), "0");
}

TEST(exposition, a_backend_is_connected_when_every_worker_is)
{
    gateway all;
    label_map const telemetry{{"backend", "telemetry"}};
    all.workers[0].backends[0].connected.set(1);
    EXPECT_EQ(all.scrape().value("gatehouse_backend_connected", telemetry), "0");
    all.workers[1].backends[0].connected.set(1);
    EXPECT_EQ(all.scrape().value("gatehouse_backend_connected", telemetry), "1");
    EXPECT_EQ(all.scrape().value("gatehouse_backend_connected", {{"backend", "alarms"}}), "0");
}

TEST(exposition, queues_are_added_up)
{
    gateway all;
    all.workers[0].backends[0].queued_bytes.set(100);
    all.workers[1].backends[0].queued_bytes.set(11);
    EXPECT_EQ(
        all.scrape().value("gatehouse_backend_queued_bytes", {{"backend", "telemetry"}}), "111"
    );
}

TEST(exposition, each_workers_first_connection_is_no_reconnect)
{
    gateway all;
    label_map const telemetry{{"backend", "telemetry"}};
    all.workers[0].backends[0].connections.add(1);
    all.workers[1].backends[0].connections.add(1);
    EXPECT_EQ(all.scrape().value("gatehouse_backend_reconnects_total", telemetry), "0");
    all.workers[0].backends[0].connections.add(2);
    all.workers[1].backends[0].connections.add(1);
    EXPECT_EQ(all.scrape().value("gatehouse_backend_reconnects_total", telemetry), "3");
}

TEST(exposition, credentials_are_counted_by_state)
{
    auto const page = gateway{}.scrape();
    auto const in_state = [&](std::string const& state) {
        return page.value("gatehouse_credentials", {{"credentials", "fleet"}, {"state", state}});
    };
    EXPECT_EQ(in_state("active"), "10");
    EXPECT_EQ(in_state("expiring"), "11");
    EXPECT_EQ(in_state("expired"), "12");
    EXPECT_EQ(in_state("revoked"), "13");
}

TEST(exposition, sessions_of_a_key_are_counted_over_all_workers)
{
    gateway all;
    all.workers[0].credential_sessions[0][1].add(2);
    all.workers[1].credential_sessions[0][1].add(3);
    auto const page = all.scrape();
    EXPECT_EQ(
        page.value(
            "gatehouse_credential_sessions", {{"credentials", "fleet"}, {"credential", "2026-11"}}
        ),
        "5"
    );
    EXPECT_EQ(
        page.value(
            "gatehouse_credential_sessions", {{"credentials", "fleet"}, {"credential", "2026-05"}}
        ),
        "0"
    );
}

TEST(exposition, reloads_are_the_processs_own)
{
    gateway all;
    all.process.reloads_ok = 3;
    all.process.reloads_failed = 2;
    all.process.config_generation = 4;
    auto const page = all.scrape();
    EXPECT_EQ(page.value("gatehouse_config_reloads_total", {{"result", "ok"}}), "3");
    EXPECT_EQ(page.value("gatehouse_config_reloads_total", {{"result", "failed"}}), "2");
    EXPECT_EQ(page.value("gatehouse_config_generation"), "4");
}

TEST(exposition, admitted_unsafe_generations_show)
{
    auto const page = gateway{}.scrape();
    EXPECT_EQ(
        page.value("gatehouse_unsafe_generations", {{"listener", "old"}, {"generation", "1"}}), "1"
    );
    EXPECT_EQ(
        page.value(
            "gatehouse_unsafe_generations", {{"listener", "old"}, {"generation", "1-bound"}}
        ),
        "1"
    );
    EXPECT_EQ(page.count("gatehouse_unsafe_generations"), 2U);
}

TEST(exposition, unsafe_listeners_show)
{
    gateway all;
    all.names.listeners[1].is_unsafe = true;
    auto const page = all.scrape();
    EXPECT_EQ(page.value("gatehouse_unsafe_listener", old), "1");
    EXPECT_EQ(page.value("gatehouse_unsafe_listener", fleet), "0");
    EXPECT_EQ(page.count("gatehouse_unsafe_listener"), 2U);
}

TEST(exposition, names_are_escaped)
{
    gateway all;
    all.names.backends[0] = "a\"b\\c\nd}e,f=g";
    EXPECT_EQ(
        all.scrape().value("gatehouse_backend_connected", {{"backend", "a\"b\\c\nd}e,f=g"}}), "0"
    );
}

TEST(exposition, a_gateway_with_nothing_configured_can_be_scraped)
{
    metrics::exposition const page{{}, {}};
    exposition_text const text{page.text({})};
    EXPECT_EQ(text.value("gatehouse_config_generation"), "1");
}

TEST(exposition, keys_that_accept_requests_say_how_many_they_may)
{
    gateway all;
    EXPECT_EQ(all.scrape().type("gatehouse_pssst_once_capacity"), "absent");
    all.names.listeners.push_back({"air", "pssst", {}, true, true});
    for (auto& worker : all.workers)
        worker.listeners.resize(all.names.listeners.size());
    all.names.credentials.front().accepting = {{"2026-11", 100, [] { return 7; }}};
    label_map const key{{"credentials", "fleet"}, {"credential", "2026-11"}};
    EXPECT_EQ(all.scrape().value("gatehouse_pssst_once_requests", key), "7");
    EXPECT_EQ(all.scrape().value("gatehouse_pssst_once_capacity", key), "100");
}

}  // namespace
}  // namespace gatehouse::test
