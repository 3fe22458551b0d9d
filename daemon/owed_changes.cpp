#include "owed_changes.h"

#include "net/log.h"

#include <algorithm>
#include <utility>

namespace gatehouse {

namespace {

bool is_of(owed_change const& change, config::credential_set const& set)
{
    return change.set.store == set.store && change.set.store_key == set.store_key;
}

store::outcome<> write(store::device_store& open, owed_change const& change)
{
    switch (change.what) {
    case owed_change::kind::disable:
        return open.set_access(change.device, store::device_access::disabled, change.since);
    case owed_change::kind::revoke_key:
        return open.revoke_key(change.device, change.key_id, change.since);
    case owed_change::kind::revoke_all:
        break;
    }
    auto const all = open.revoke_keys(change.device, change.since);
    return all ? store::outcome<>{} : store::outcome<>{all.error()};
}

bool is_past_mending(store::failure const& why)
{
    return why.kind == store::failure_kind::unknown_device ||
           why.kind == store::failure_kind::unknown_key;
}

}  // namespace

std::string name_of(owed_change const& change)
{
    return change.what == owed_change::kind::disable ? "disable device" : "revoke key";
}

std::shared_ptr<identity::keyring const> in_force(
    std::shared_ptr<identity::keyring const> ring, owed_change const& change
)
{
    auto const now = ring->find_listed(change.device);
    if (!now)
        return ring;
    identity::psk_device made;
    made.name = now->name();
    made.legacy_session_id = now->legacy_session_id();
    made.state =
        change.what == owed_change::kind::disable ? identity::device_state::disabled : now->state();
    for (std::size_t i = 0; i < now->key_count(); ++i) {
        auto const key = now->key(i);
        bool const is_meant = change.what == owed_change::kind::revoke_all ||
                              (change.what == owed_change::kind::revoke_key &&
                               ring->key_ids()[key.id] == change.key_id);
        bool const was_revoked = key.mark == identity::key_mark::revoked;
        made.keys.push_back({key.id, key.window, secret_bytes{key.value}, was_revoked || is_meant});
    }
    identity::keyring_changes changes;
    changes.devices.emplace_back(change.device, std::move(made));
    return ring->with(std::move(changes));
}  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): the keyring owns what was moved

std::shared_ptr<identity::keyring const> with_owed(
    std::shared_ptr<identity::keyring const> ring,
    config::credential_set const& set,
    std::vector<owed_change> const& changes
)
{
    for (auto const& change : changes)
        if (ring && change.set.store == set.store)
            ring = in_force(std::move(ring), change);
    return ring;
}

void owed_changes::add(owed_change made)
{
    std::lock_guard const held{lock_};
    all_.push_back(std::move(made));
}

std::size_t owed_changes::size() const
{
    std::lock_guard const held{lock_};
    return all_.size();
}

std::vector<owed_change> owed_changes::all() const
{
    std::lock_guard const held{lock_};
    return all_;
}

std::optional<owed_change> owed_changes::next_of(config::credential_set const& set) const
{
    std::lock_guard const held{lock_};
    auto const found =
        std::find_if(all_.begin(), all_.end(), [&](auto const& one) { return is_of(one, set); });
    return found == all_.end() ? std::nullopt : std::optional{*found};
}

void owed_changes::forget_next_of(config::credential_set const& set)
{
    std::lock_guard const held{lock_};
    all_.erase(std::find_if(all_.begin(), all_.end(), [&](auto const& one) {
        return is_of(one, set);
    }));
}

std::optional<store::failure> owed_changes::write_to(
    store::device_store& open, config::credential_set const& set
)
{
    std::lock_guard const alone{writing_};
    while (auto const next = next_of(set)) {
        auto const done = write(open, *next);
        if (!done && !is_past_mending(done.error())) {
            note_failure(set, done.error().text);
            return done.error();
        }
        forget_next_of(set);
        if (!next->why.empty())
            log::write(
                log::level::info,
                "change of a store written",
                {{"credentials", next->set.name},
                 {"device", next->device.text()},
                 {"what", name_of(*next)}}
            );
    }
    return std::nullopt;
}

void owed_changes::note_failure(config::credential_set const& set, std::string const& why)
{
    std::vector<owed_change> first;
    {
        std::lock_guard const held{lock_};
        for (auto& one : all_)
            if (is_of(one, set)) {
                if (one.why.empty())
                    first.push_back(one);
                one.why = why;
            }
    }
    for (auto const& one : first)
        log::write(
            log::level::error,
            "change of a store not written",
            {{"credentials", one.set.name},
             {"device", one.device.text()},
             {"what", name_of(one)},
             {"detail", "it is in force, and tried again until it is on the disk: " + why}}
        );
}

}  // namespace gatehouse
