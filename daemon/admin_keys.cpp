// Sessions and the use of keys: what only the workers know.
#include "admin_documents.h"
#include "administration.h"
#include "json_time.h"
#include "net/clock.h"
#include "snapshot_sums.h"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <memory>
#include <utility>

namespace gatehouse {

namespace {

// Keys of a device that are newer than `old` and open now: it stands first in the list.
bool has_newer(identity::listed_device const& device, identity::key_index old, wall_time now)
{
    for (std::size_t i = 0; i < device.key_count(); ++i) {
        auto const key = device.key(i);
        if (key.id == old)
            return false;
        if (key.mark == identity::key_mark::accepted && key.window.open_at(now))
            return true;
    }
    return false;
}

constexpr std::array shown_states{
    identity::key_state::pending,
    identity::key_state::active,
    identity::key_state::expiring,
    identity::key_state::expired,
    identity::key_state::revoked,
};

std::string_view kind_name(identity::key_kind kind) noexcept
{
    switch (kind) {
    case identity::key_kind::psk:
        return "psk";
    case identity::key_kind::ed25519:
        return "ed25519";
    case identity::key_kind::x25519:
        return "x25519";
    case identity::key_kind::secret:
        return "secret";
    }
    return {};
}

// What all workers know of the use of a key.
key_use use_of(
    std::vector<std::vector<std::vector<key_use>>> const& parts, std::size_t set, std::size_t key
)
{
    key_use use;
    for (auto const& part : parts)
        if (set < part.size() && key < part[set].size()) {
            use.seen += part[set][key].seen;
            use.last = std::max(use.last, part[set][key].last);
        }
    return use;
}

struct key_figures {
    identity::key_counts states;  // of listed devices
    key_use use;
    std::uint64_t sessions = 0;
};

// Nothing for an id of the past that nobody uses any more.
std::optional<boost::json::object> key_document(
    credential_slot const& slot, std::size_t key, key_figures figures, wall_time now
)
{
    auto const masters = slot.keyring->masters();
    auto const master = std::find_if(masters.begin(), masters.end(), [&](auto const& one) {
        return one.id == key;
    });
    bool const derived = master != masters.end();
    std::size_t devices = 0;
    for (auto const& one : shown_states)
        devices += figures.states[one];
    if (devices == 0 && !derived && figures.use.seen == 0 && figures.sessions == 0)
        return std::nullopt;
    if (derived)
        ++figures.states[identity::state_of(master->window, now)];
    auto const last = wall_time{std::chrono::seconds{figures.use.last}};
    return boost::json::object{
        {"credentials", slot.name},
        {"id", slot.keyring->key_ids()[key]},
        {"kind", derived ? "derived" : kind_name(slot.keyring->kind())},
        {"devices",
         derived && devices == 0 ? boost::json::value(nullptr) : boost::json::value(devices)},
        {"seen", figures.use.seen},
        {"sessions", figures.sessions},
        {"last_used", figures.use.last == 0 ? boost::json::value(nullptr) : json_time(last)},
        {"states", states_document(figures.states)},
    };
}

bool has_key(identity::listed_device const& device, identity::key_index wanted)
{
    for (std::size_t i = 0; i < device.key_count(); ++i)
        if (device.key(i).id == wanted)
            return true;
    return false;
}

}  // namespace

template <class Answer>
void administration::ask_workers(
    std::function<void(worker&, std::function<void(Answer)>)> const& ask,
    std::function<void(std::vector<Answer>)> done
)
{
    struct gathering {
        std::vector<Answer> answers;
        std::function<void(std::vector<Answer>)> done;
        std::size_t left = 0;
    };
    auto const shared =
        std::make_shared<gathering>(gathering{{}, std::move(done), daemon_.workers().size()});
    auto& context = daemon_.context();
    for (auto const& one : daemon_.workers())
        ask(*one, [shared, &context](Answer came) {
            boost::asio::post(context, [shared, answer = std::move(came)]() mutable {
                shared->answers.push_back(std::move(answer));
                if (--shared->left == 0)
                    shared->done(std::move(shared->answers));
            });
        });
}

// Each device's home knows what it was seen with last. A device of the same name that was seen with
// a key of another set says nothing of this one.
void administration::sightings_of(
    std::size_t slot,
    std::vector<identity::device_id> const& devices,
    std::function<void(std::vector<device_sighting>)> done
)
{
    using found = std::vector<device_sighting>;
    auto const count = daemon_.workers().size();
    auto const by_home = std::make_shared<std::vector<std::vector<identity::device_id>>>(count);
    for (auto const& device : devices)
        (*by_home)[home_of(device, count)].push_back(device);
    ask_workers<found>(
        [by_home](worker& one, std::function<void(found)> answer) {
            one.post_sightings(std::move((*by_home)[one.index()]), std::move(answer));
        },
        [slot, finished = std::move(done)](std::vector<found> const& parts) {
            found all;
            for (auto const& part : parts)
                std::copy_if(
                    part.begin(),
                    part.end(),
                    std::back_inserter(all),
                    [&](auto const& one) { return one.credentials == slot; }
                );
            finished(std::move(all));
        }
    );
}

void administration::list_sessions(admin::command const& what, reply answer)
{
    auto const& snapshot = daemon_.snapshot();
    session_filter wanted;
    wanted.limit = what.limit(admin::usual_rows);
    bool impossible = false;
    if (auto const text = what.find("device")) {
        wanted.device = identity::device_id::find(*text);
        impossible = !wanted.device;
        if (impossible && !identity::device_id::is_name(*text)) {
            answer(admin::answer_with(admin::refusal{
                400, "bad_request", "\"device\" is no device id"}));
            return;
        }
    }
    if (auto const name = what.find("listener")) {
        for (std::size_t slot = 0; slot < snapshot.listeners.size(); ++slot)
            if (snapshot.listeners[slot].config && snapshot.listeners[slot].config->name == *name)
                wanted.listener = slot;
        impossible = impossible || !wanted.listener;
    }
    if (auto const id = what.find("credential")) {
        for (std::size_t set = 0; set < snapshot.credentials.size(); ++set)
            if (!snapshot.credentials[set].name.empty())
                if (auto const key = snapshot.credentials[set].keyring->index_of(*id))
                    wanted.keys.push_back({set, *key});
        impossible = impossible || wanted.keys.empty();
    }
    if (impossible)
        wanted.limit = 0;
    auto const told = [this, impossible, limit = wanted.limit, to = std::move(answer)](
                          std::vector<session_list> const& lists
                      ) {
        boost::json::array rows;
        std::uint64_t total = 0;
        present const when{read_wall_clock(), read_clock()};
        for (auto const& list : lists) {
            total += impossible ? 0 : list.total;
            for (auto const& row : list.rows)
                if (rows.size() < limit)
                    rows.push_back(session_document(row, daemon_.snapshot(), when));
        }
        bool const truncated = rows.size() < total;
        to(admin::answer_with(boost::json::object{
            {"sessions", std::move(rows)},
            {"total", total},
            {"truncated", truncated},
        }));
    };
    ask_workers<session_list>(
        [wanted](worker& one, std::function<void(session_list)> done) {
            one.post_list(wanted, std::move(done));
        },
        told
    );
}

void administration::list_keys(admin::command const& what, reply answer)
{
    if (what.find("credentials"))
        if (auto const slot = credentials_of(what); std::holds_alternative<admin::refusal>(slot)) {
            answer(admin::answer_with(std::get<admin::refusal>(slot)));
            return;
        }
    auto const sets = daemon_.snapshot().credentials.size();
    auto const told = [this,
                       only = what.find("credentials"),
                       to = std::move(answer)](std::vector<all_key_uses> const& parts) {
        to(admin::answer_with(boost::json::object{{"keys", keys_document(parts, only)}}));
    };
    ask_workers<all_key_uses>(
        [sets](worker& one, std::function<void(all_key_uses)> done) {
            one.post_key_uses(sets, std::move(done));
        },
        told
    );
}

boost::json::array administration::keys_document(
    std::vector<all_key_uses> const& parts, std::optional<std::string> const& only
) const
{
    auto const& snapshot = daemon_.snapshot();
    auto const now = read_wall_clock();
    boost::json::array keys;
    for (std::size_t set = 0; set < snapshot.credentials.size(); ++set) {
        auto const& slot = snapshot.credentials[set];
        if (slot.name.empty() || (only && slot.name != *only))
            continue;
        auto const listed = slot.keyring->counts_by_key(now);
        for (std::size_t key = 0; key < listed.size(); ++key) {
            key_figures figures{listed[key], use_of(parts, set, key), 0};
            if (key < snapshot.cells.front().credential_sessions[set].size())
                figures.sessions = sessions_with(snapshot, set, key);
            if (auto row = key_document(slot, key, figures, now))
                keys.push_back(std::move(*row));
        }
    }
    return keys;
}

namespace {

boost::json::object stale_row(
    identity::device_id const& device, credential_slot const& set, device_sighting const* last
)
{
    auto const listed = set.keyring->find_listed(device);
    bool const has_name = listed && !listed->name().empty();
    boost::json::object row{
        {"device", device.text()},
        {"name", has_name ? boost::json::value(listed->name()) : boost::json::value(nullptr)},
        {"last_seen", nullptr},
        {"session", nullptr},
    };
    if (last == nullptr)
        return row;
    row["last_seen"] = json_time(wall_time{std::chrono::seconds{last->when}});
    if (last->session != session_id{})
        row["session"] = last->session.string();
    return row;
}

// Of `candidates`, who may have a newer key, those that were not seen with one.
boost::json::object stale_document(
    credential_slot const& set,
    identity::key_index key,
    std::vector<identity::device_id> const& candidates,
    std::vector<device_sighting> const& seen,
    std::size_t limit
)
{
    std::map<std::string, device_sighting const*> known;
    for (auto const& one : seen)
        known.emplace(one.device.text(), &one);
    boost::json::array rows;
    std::uint64_t total = 0;
    for (auto const& device : candidates) {
        auto const found = known.find(device.text());
        auto const* const last = found == known.end() ? nullptr : found->second;
        if (last != nullptr && last->key != key)
            continue;
        ++total;
        if (rows.size() < limit)
            rows.push_back(stale_row(device, set, last));
    }
    bool const truncated = rows.size() < total;
    return {
        {"id", set.keyring->key_ids()[key]},
        {"credentials", set.name},
        {"devices", std::move(rows)},
        {"total", total},
        {"truncated", truncated},
    };
}

}  // namespace

void administration::list_stale(admin::command const& what, reply answer)
{
    auto const found = credentials_of(what);
    if (auto const* wrong = std::get_if<admin::refusal>(&found)) {
        answer(admin::answer_with(*wrong));
        return;
    }
    auto const slot = std::get<std::size_t>(found);
    auto const set = daemon_.snapshot().credentials[slot];
    auto const key = set.keyring->index_of(what.subject);
    if (!key) {
        answer(admin::answer_with(admin::refusal{
            404, "unknown_key", "no key of \"" + set.name + "\" has this id"}));
        return;
    }
    auto const now = read_wall_clock();
    auto const candidates = std::make_shared<std::vector<identity::device_id>>();
    set.keyring->for_each_device([&](auto const& device, auto const& listed) {
        if (has_key(listed, *key) && has_newer(listed, *key, now))
            candidates->push_back(device);
    });
    auto const limit = what.limit(admin::usual_rows);
    auto const told = [set, key, candidates, limit, to = std::move(answer)](
                          std::vector<device_sighting> const& seen
                      ) {
        to(admin::answer_with(stale_document(set, *key, *candidates, seen, limit)));
    };
    sightings_of(slot, *candidates, told);
}

}  // namespace gatehouse
