// What device_store does to keys.
#include "store/change.h"
#include "store/device_store.h"
#include "store/fitness.h"
#include "store/limits.h"
#include "store/row_times.h"
#include "store/row_writer.h"
#include "store/unknown_name.h"

#include <utility>

namespace gatehouse::store {

namespace {

constexpr std::string_view key_facts =
    "SELECT count(k.id), coalesce(max(k.rank), 0)"
    " FROM devices d LEFT JOIN keys k ON k.device = d.id WHERE d.id = ?1 GROUP BY d.id";
constexpr std::string_view touch_device = "UPDATE devices SET changed = ?2 WHERE id = ?1";
constexpr std::string_view close_older =
    "UPDATE keys SET not_after = ?2"
    " WHERE device = ?1 AND revoked_at IS NULL AND (not_after IS NULL OR not_after > ?2)";
constexpr std::string_view revoke_one = "UPDATE keys SET sealed = NULL, revoked_at = ?2"
                                        " WHERE device = ?1 AND revoked_at IS NULL AND id = ?3";
constexpr std::string_view revoke_every =
    "UPDATE keys SET sealed = NULL, revoked_at = ?2 WHERE device = ?1 AND revoked_at IS NULL";
constexpr std::string_view purge_closed =
    "DELETE FROM keys WHERE not_after < ?1 OR revoked_at < ?1";

// Within a change: notes when the device changed. Failure: unknown_device.
outcome<> touch(store_parts& where, identity::device_id const& id, wall_time now)
{
    auto prepared = where.db.prepare(touch_device);
    if (!prepared)
        return prepared.error();
    if (auto done = prepared->bind(1, id.raw()).bind(2, row_time(now)).run(); !done)
        return done;
    if (where.db.changed_rows() == 0)
        return unknown_device(id);
    return {};
}

// Within a change: writes a key that is newer than all others of the device.
outcome<> insert_newest(
    store_parts& where, identity::device_id const& id, new_key const& key, wall_time now
)
{
    auto facts = where.db.prepare(key_facts);
    if (!facts)
        return facts.error();
    auto const moved = facts->bind(1, id.raw()).step();
    if (!moved)
        return moved.error();
    if (*moved == stepped::done)
        return unknown_device(id);
    if (static_cast<std::size_t>(facts->number(0)) >= most_keys)
        return failure{
            failure_kind::too_many_keys,
            "device " + id.text() + " has " + std::to_string(most_keys) +
                " keys, closed and revoked ones included; purge those first"};
    auto const rank = facts->number(1) + 1;
    facts->reset();
    auto rows = row_writer::over(where);
    if (!rows)
        return rows.error();
    if (auto made = rows->insert_key(id, {key, rank}, now); !made)
        return made;
    return touch(where, id, now);
}

// Within a change that touched the device: whether one key is there, revoked or not.
outcome<> check_key_known(
    store_parts& where, identity::device_id const& id, std::string_view key_id
)
{
    auto asked = where.db.prepare("SELECT 1 FROM keys WHERE device = ?1 AND id = ?2");
    if (!asked)
        return asked.error();
    auto const moved = asked->bind(1, id.raw()).bind(2, key_id).step();
    if (!moved)
        return moved.error();
    if (*moved == stepped::done)
        return unknown_key(id, key_id);
    return {};
}

// The rows that a prepared revocation touched, when it is kept.
outcome<std::size_t> run_revocation(store_parts& where, change& writing, statement& prepared)
{
    if (auto const done = prepared.run(); !done)
        return done.error();
    auto const revoked = where.db.changed_rows();
    if (revoked == 0)
        return revoked;  // nothing to keep
    if (auto const kept = writing.keep(); !kept)
        return kept.error();
    return revoked;
}

}  // namespace

outcome<> device_store::add_key(identity::device_id const& id, new_key const& key, wall_time now)
{
    if (auto fit = check_key(id, key); !fit)
        return fit;
    auto writing = change::begin(*parts_);
    if (!writing)
        return writing.error();
    if (auto made = insert_newest(*parts_, id, key, now); !made)
        return made;
    return writing->keep();
}

outcome<> device_store::rotate(identity::device_id const& id, new_key const& key, rotation when)
{
    if (auto fit = check_key(id, key); !fit)
        return fit;
    if (!key.window.open_at(when.now))
        return failure{
            failure_kind::unfit_value,
            "device " + id.text() + ", key \"" + key.id +
                "\": a key that a device is to change to must be valid now"};
    auto writing = change::begin(*parts_);
    if (!writing)
        return writing.error();
    auto closing = parts_->db.prepare(close_older);
    if (!closing)
        return closing.error();
    auto closed = closing->bind(1, id.raw()).bind(2, row_time(when.close_old_at)).run();
    if (!closed)
        return closed;
    if (auto made = insert_newest(*parts_, id, key, when.now); !made)
        return made;
    return writing->keep();
}

outcome<> device_store::revoke_key(
    identity::device_id const& id, std::string_view key_id, wall_time now
)
{
    {
        auto writing = change::begin(*parts_);
        if (!writing)
            return writing.error();
        if (auto touched = touch(*parts_, id, now); !touched)
            return touched;
        if (auto known = check_key_known(*parts_, id, key_id); !known)
            return known;
        auto prepared = parts_->db.prepare(revoke_one);
        if (!prepared)
            return prepared.error();
        prepared->bind(1, id.raw()).bind(2, row_time(now)).bind(3, key_id);
        auto const revoked = run_revocation(*parts_, *writing, *prepared);
        if (!revoked)
            return revoked.error();
        if (*revoked == 0)
            return {};
    }
    forget_deleted(*parts_);
    return {};
}

outcome<std::size_t> device_store::revoke_keys(identity::device_id const& id, wall_time now)
{
    std::size_t count = 0;
    {
        auto writing = change::begin(*parts_);
        if (!writing)
            return writing.error();
        if (auto const touched = touch(*parts_, id, now); !touched)
            return touched.error();
        auto prepared = parts_->db.prepare(revoke_every);
        if (!prepared)
            return prepared.error();
        prepared->bind(1, id.raw()).bind(2, row_time(now));
        auto const revoked = run_revocation(*parts_, *writing, *prepared);
        if (!revoked)
            return revoked.error();
        count = *revoked;
    }
    if (count != 0)
        forget_deleted(*parts_);
    return count;
}

outcome<std::size_t> device_store::purge(wall_time before)
{
    std::size_t count = 0;
    {
        auto writing = change::begin(*parts_);
        if (!writing)
            return writing.error();
        auto prepared = parts_->db.prepare(purge_closed);
        if (!prepared)
            return prepared.error();
        if (auto const done = prepared->bind(1, row_time(before)).run(); !done)
            return done.error();
        count = parts_->db.changed_rows();
        if (count == 0)
            return count;
        if (auto const kept = writing->keep(); !kept)
            return kept.error();
    }
    forget_deleted(*parts_);
    return count;
}

}  // namespace gatehouse::store
