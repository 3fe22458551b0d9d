// The daemon's state as operators see it.
#include "admin_documents.h"
#include "administration.h"
#include "house_sums.h"
#include "json_time.h"
#include "metrics/labels.h"
#include "net/clock.h"
#include "net/log.h"
#include "net/protocol_module.h"
#include "version.h"

#include <algorithm>
#include <utility>

#include <unistd.h>

namespace gatehouse {

namespace {

boost::json::object handshakes_document(shared_house const& house, std::size_t place)
{
    boost::json::object made;
    for (std::size_t r = 0; r < metrics::handshake_result_names.size(); ++r)
        made.emplace(
            metrics::handshake_result_names[r],
            sum(
                house,
                [&](auto const& cells) -> auto const& {
                    return cells.listeners[place].handshakes[r];
                }
            )
        );
    return made;
}

boost::json::object messages_document(shared_house const& house, std::size_t place)
{
    boost::json::object made;
    for (std::size_t d = 0; d < metrics::direction_names.size(); ++d)
        made.emplace(
            metrics::direction_names[d],
            sum(
                house,
                [&](auto const& cells) -> auto const& { return cells.listeners[place].messages[d]; }
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
        {"generation", daemon_.house().generation},
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
    };
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
    auto const& house = daemon_.house();
    boost::json::array made;
    for (std::size_t place = 0; place < house.listeners.size(); ++place) {
        auto const& listener = house.listeners[place].config;
        if (!listener)
            continue;
        auto& one = made.emplace_back(boost::json::object{
            {"name", listener->name},
            {"protocol", listener->protocol->name()},
            {"transport", listener->transport == config::transport::udp ? "udp" : "tcp"},
            {"address", daemon_.addresses()[place]},
            {"credentials", listener->credentials},
            {"backend", listener->backend},
            {"sessions",
             sum(
                 house,
                 [&](auto const& cells) -> auto const& { return cells.listeners[place].sessions; }
             )},
            {"handshakes", handshakes_document(house, place)},
            {"messages", messages_document(house, place)},
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
    auto const& house = daemon_.house();
    boost::json::array made;
    for (std::size_t place = 0; place < house.backends.size(); ++place) {
        auto const& backend = house.backends[place];
        if (!backend)
            continue;
        made.push_back(boost::json::object{
            {"name", backend->name},
            {"socket", backend->socket},
            {"connected",
             sum(
                 house,
                 [&](auto const& cells) -> auto const& { return cells.backends[place].connected; }
             )},
            {"links", house.cells.size()},
            {"queued_bytes",
             sum(
                 house,
                 [&](auto const& cells) -> auto const& {
                     return cells.backends[place].queued_bytes;
                 }
             )},
        });
    }
    return made;
}

boost::json::array administration::credential_sets() const
{
    auto const& house = daemon_.house();
    boost::json::array made;
    for (std::size_t place = 0; place < house.credentials.size(); ++place) {
        auto const& set = house.credentials[place];
        if (set.name.empty())
            continue;
        auto const& written = settings_of_set(house, place);
        std::uint64_t sessions = 0;
        for (std::size_t key = 0; key < set.keyring->key_ids().size(); ++key)
            sessions += sessions_with(house, place, key);
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
