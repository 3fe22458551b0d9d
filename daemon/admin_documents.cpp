#include "admin_documents.h"

#include "crypto/library.h"
#include "json_time.h"
#include "metrics/labels.h"
#include "net/protocol_module.h"
#include "version.h"

#include <algorithm>
#include <chrono>

namespace gatehouse {

namespace {

double seconds(duration span)
{
    return std::chrono::duration<double>(span).count();
}

boost::json::value text_or_null(std::string_view text)
{
    if (text.empty())
        return nullptr;
    return boost::json::string{text};
}

std::string_view name_of(identity::key_state state) noexcept
{
    switch (state) {
    case identity::key_state::pending:
        return "pending";
    case identity::key_state::active:
        return "active";
    case identity::key_state::expiring:
        return "expiring";
    case identity::key_state::expired:
        return "expired";
    case identity::key_state::revoked:
        return "revoked";
    }
    return {};
}

boost::json::object key_document(
    std::string const& id, identity::key_window const& window, std::string_view state
)
{
    return {
        {"id", id},
        {"state", state},
        {"not_before", json_bound(window.not_before)},
        {"not_after", json_bound(window.not_after)},
    };
}

boost::json::array keys_document(
    identity::device_id const& device, identity::keyring const& ring, wall_time now
)
{
    boost::json::array keys;
    if (auto const listed = ring.find_listed(device)) {
        for (std::size_t i = 0; i < listed->key_count(); ++i) {
            auto const key = listed->key(i);
            auto const state = key.mark == identity::key_mark::revoked
                                   ? "revoked"
                                   : name_of(identity::state_of(key.window, now));
            keys.push_back(key_document(ring.key_ids()[key.id], key.window, state));
        }
        return keys;
    }
    for (auto const& master : ring.masters())
        if (master.devices.covers(device))
            keys.push_back(key_document(
                ring.key_ids()[master.id],
                master.window,
                name_of(identity::state_of(master.window, now))
            ));
    return keys;
}

}  // namespace

boost::json::object version_document()
{
    return {{"version", version}, {"openssl", crypto::library_version()}, {"api", 1}};
}

boost::json::array problems_document(config::problems const& list)
{
    boost::json::array made;
    for (auto const& problem : list)
        made.push_back(boost::json::object{
            {"file", problem.file},
            {"line", problem.line},
            {"column", problem.column},
            {"text", problem.text},
        });
    return made;
}

boost::json::object session_document(
    session_row const& row, shared_snapshot const& snapshot, present const& when
)
{
    // During a reload a worker may be ahead of this snapshot: it knows less then.
    auto const& slots = snapshot.listeners;
    auto const& sets = snapshot.credentials;
    auto const listener = row.listener < slots.size() ? slots[row.listener].config : nullptr;
    auto const ring = row.credentials < sets.size() ? sets[row.credentials].keyring : nullptr;
    auto const listed = ring ? ring->find_listed(row.facts.device) : std::nullopt;
    bool const knows_key = ring && row.facts.credential < ring->key_ids().size();
    auto const age = when.now - row.times.opened;
    return {
        {"session", row.facts.id.string()},
        {"device", row.facts.device.text()},
        {"name", text_or_null(listed ? listed->name() : std::string_view{})},
        {"listener", text_or_null(listener ? listener->name : std::string{})},
        {"protocol", text_or_null(listener ? listener->protocol->name() : std::string_view{})},
        {"generation", row.facts.generation},
        {"peer", to_string(row.peer)},
        {"credential",
         knows_key ? boost::json::value(ring->key_ids()[row.facts.credential]) : nullptr},
        {"opened", json_time(when.wall - std::chrono::duration_cast<std::chrono::seconds>(age))},
        {"age", seconds(age)},
        {"idle", seconds(when.now - row.times.heard)},
        {"messages_up", row.messages_up},
    };
}

boost::json::object states_document(identity::key_counts const& counts)
{
    using identity::key_state;
    boost::json::object made;
    for (auto const state :
         {key_state::active,
          key_state::expiring,
          key_state::expired,
          key_state::pending,
          key_state::revoked})
        made.emplace(name_of(state), counts[state]);
    return made;
}

boost::json::object device_document(
    identity::device_id const& device,
    credential_slot const& set,
    std::optional<device_sighting> const& seen,
    wall_time now
)
{
    auto const& ring = *set.keyring;
    auto const listed = ring.find_listed(device);
    boost::json::array sessions;
    if (seen && seen->session != session_id{})
        sessions.push_back(boost::json::string{seen->session.string()});
    bool const enabled = !listed || listed->state() == identity::device_state::enabled;
    boost::json::object made{
        {"device", device.text()},
        {"name", text_or_null(listed ? listed->name() : std::string_view{})},
        {"credentials", set.name},
        {"source",
         !listed       ? "derived"
         : set.managed ? "store"
                       : "file"},
        {"enabled", enabled},
        {"keys", keys_document(device, ring, now)},
        {"last_seen", nullptr},
        {"last_key", nullptr},
        {"sessions", std::move(sessions)},
    };
    if (seen) {
        made["last_seen"] = json_time(wall_time{std::chrono::seconds{seen->when}});
        if (seen->key < ring.key_ids().size())
            made["last_key"] = ring.key_ids()[seen->key];
    }
    return made;
}

config::credential_set const& settings_of_set(shared_snapshot const& snapshot, std::size_t slot)
{
    auto const& all = snapshot.settings.credentials;
    return *std::find_if(all.begin(), all.end(), [&](auto const& one) {
        return one.name == snapshot.credentials[slot].name;
    });
}

}  // namespace gatehouse
