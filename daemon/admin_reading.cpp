// The daemon's state as operators see it.
#include "admin_documents.h"
#include "administration.h"
#include "json_time.h"
#include "metrics/labels.h"
#include "net/clock.h"
#include "net/log.h"
#include "net/protocol_module.h"
#include "snapshot_sums.h"
#include "version.h"

#include <algorithm>
#include <utility>

#include <unistd.h>

namespace gatehouse {

namespace {

boost::json::object handshakes_document(shared_snapshot const& snapshot, std::size_t slot)
{
    boost::json::object made;
    for (std::size_t r = 0; r < metrics::handshake_result_names.size(); ++r)
        made.emplace(
            metrics::handshake_result_names[r],
            sum(
                snapshot,
                [&](auto const& cells) -> auto const& {
                    return cells.listeners[slot].handshakes[r];
                }
            )
        );
    return made;
}

boost::json::object messages_document(shared_snapshot const& snapshot, std::size_t slot)
{
    boost::json::object made;
    for (std::size_t d = 0; d < metrics::direction_names.size(); ++d)
        made.emplace(
            metrics::direction_names[d],
            sum(
                snapshot,
                [&](auto const& cells) -> auto const& { return cells.listeners[slot].messages[d]; }
            )
        );
    return made;
}

}  // namespace

boost::json::object administration::status() const
{
    auto const& reloads = daemon_.reloads();
    auto const loaded = reloads.ok > 0 ? reloads.loaded : started_;
    boost::json::object config{
        {"file", daemon_.config_file()},
        {"generation", daemon_.snapshot().generation},
        {"loaded", json_time(loaded)},
    };
    if (!reloads.problems.empty())
        config["reload_failed"] = {
            {"time", json_time(reloads.failed_at)},
            {"problems", problems_document(reloads.problems)}};
    return {
        {"version", version},
        {"pid", ::getpid()},
        {"started", json_time(started_)},
        {"uptime", std::chrono::duration<double>(read_clock() - started_at_).count()},
        {"workers", daemon_.workers().size()},
        {"state", daemon_.draining() ? "draining" : "serving"},
        {"config", std::move(config)},
        {"listeners", listeners()},
        {"backends", backends()},
        {"log", boost::json::object{{"lines_dropped", log::lost_lines()}}},
        {"audit", audit()},
        {"unwritten", unwritten_changes()},
        {"missing", missing_documents()},
    };
}

boost::json::array administration::missing_documents() const
{
    boost::json::array made;
    for (auto const& [file, gone] : daemon_.missing())
        made.push_back({{"file", file}, {"since", json_time(gone.since)}, {"detail", gone.why}});
    return made;
}

boost::json::object administration::audit() const
{
    boost::json::object made{
        {"file", audit_.file().empty() ? boost::json::value(nullptr) : audit_.file().c_str()},
        {"lines_dropped", audit_.lost()},
    };
    if (auto const& failing = audit_.failing(); !failing.why.empty())
        made["failing"] = {{"since", json_time(failing.since)}, {"detail", failing.why}};
    return made;
}

boost::json::array administration::listeners() const
{
    auto const& snapshot = daemon_.snapshot();
    boost::json::array made;
    for (std::size_t slot = 0; slot < snapshot.listeners.size(); ++slot) {
        auto const& listener = snapshot.listeners[slot].config;
        if (!listener)
            continue;
        auto& one = made.emplace_back(boost::json::object{
            {"name", listener->name},
            {"protocol", listener->protocol->name()},
            {"transport", listener->transport == config::transport::udp ? "udp" : "tcp"},
            {"address", daemon_.addresses()[slot]},
            {"credentials", listener->credentials},
            {"backend", listener->backend},
            {"sessions",
             sum(
                 snapshot,
                 [&](auto const& cells) -> auto const& { return cells.listeners[slot].sessions; }
             )},
            {"handshakes", handshakes_document(snapshot, slot)},
            {"messages", messages_document(snapshot, slot)},
        });
        if (auto const written = listener->bind.written(); !written.empty())
            one.as_object().emplace("bind", written);
        if (listener->protocol->is_unsafe())
            one.as_object().emplace("unsafe", listener->protocol->facts().danger);
    }
    return made;
}

boost::json::array administration::backends() const
{
    auto const& snapshot = daemon_.snapshot();
    boost::json::array made;
    for (std::size_t slot = 0; slot < snapshot.backends.size(); ++slot) {
        auto const& backend = snapshot.backends[slot];
        if (!backend)
            continue;
        made.push_back(boost::json::object{
            {"name", backend->name},
            {"socket", backend->socket},
            {"connected",
             sum(
                 snapshot,
                 [&](auto const& cells) -> auto const& { return cells.backends[slot].connected; }
             )},
            {"links", snapshot.cells.size()},
            {"queued_bytes",
             sum(
                 snapshot,
                 [&](auto const& cells) -> auto const& { return cells.backends[slot].queued_bytes; }
             )},
        });
    }
    return made;
}

boost::json::array administration::credential_sets() const
{
    auto const& snapshot = daemon_.snapshot();
    boost::json::array made;
    for (std::size_t slot = 0; slot < snapshot.credentials.size(); ++slot) {
        auto const& set = snapshot.credentials[slot];
        if (set.name.empty())
            continue;
        auto const& written = settings_of_set(snapshot, slot);
        std::uint64_t sessions = 0;
        for (std::size_t key = 0; key < set.keyring->key_ids().size(); ++key)
            sessions += sessions_with(snapshot, slot, key);
        made.push_back(boost::json::object{
            {"name", set.name},
            {"source", set.managed ? "store" : "file"},
            {"path", set.managed ? written.store : written.file},
            {"devices", set.keyring->device_count()},
            {"masters", set.keyring->masters().size()},
            {"keys", states_document(set.keyring->counts(read_wall_clock()))},
            {"sessions", sessions},
        });
    }
    return made;
}

}  // namespace gatehouse
