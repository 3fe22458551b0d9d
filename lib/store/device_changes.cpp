// What device_store does to devices.
#include "store/change.h"
#include "store/device_store.h"
#include "store/fitness.h"
#include "store/large_page_cache.h"
#include "store/row_times.h"
#include "store/row_writer.h"
#include "store/unknown_name.h"

#include <utility>

namespace gatehouse::store {

namespace {

// Counts what was written.
outcome<> take(
    row_writer& rows,
    new_device const& device,
    import_policy policy,
    wall_time now,
    import_counts& into
)
{
    if (policy == import_policy::add_only) {
        auto added = rows.insert(device, now);
        if (added)
            ++into.added;
        return added;
    }
    auto const done = rows.insert_or_replace(device, now);
    if (!done)
        return done.error();
    ++(*done == row_writer::written::inserted ? into.added : into.replaced);
    return {};
}

// Runs a prepared UPDATE or DELETE of one device, and keeps it.
outcome<> change_one(
    store_parts& where, change& writing, statement& prepared, identity::device_id const& id
)
{
    if (auto done = prepared.run(); !done)
        return done;
    if (where.db.changed_rows() == 0)
        return unknown_device(id);
    return writing.keep();
}

}  // namespace

outcome<> device_store::add(new_device const& device, wall_time now)
{
    auto writing = change::begin(*parts_);
    if (!writing)
        return writing.error();
    auto rows = row_writer::over(*parts_);
    if (!rows)
        return rows.error();
    if (auto added = rows->insert(device, now); !added)
        return added;
    return writing->keep();
}

outcome<> device_store::remove(identity::device_id const& id)
{
    {
        auto writing = change::begin(*parts_);
        if (!writing)
            return writing.error();
        auto prepared = parts_->db.prepare("DELETE FROM devices WHERE id = ?1");
        if (!prepared)
            return prepared.error();
        prepared->bind(1, id.raw());
        if (auto removed = change_one(*parts_, *writing, *prepared, id); !removed)
            return removed;
    }
    forget_deleted(*parts_);
    return {};
}

outcome<> device_store::set_access(
    identity::device_id const& id, device_access access, wall_time now
)
{
    auto writing = change::begin(*parts_);
    if (!writing)
        return writing.error();
    auto prepared = parts_->db.prepare("UPDATE devices SET enabled = ?2, changed = ?3"
                                       " WHERE id = ?1");
    if (!prepared)
        return prepared.error();
    prepared->bind(1, id.raw())
        .bind(2, std::int64_t{access == device_access::enabled ? 1 : 0})
        .bind(3, row_time(now));
    return change_one(*parts_, *writing, *prepared, id);
}

outcome<> device_store::rename(identity::device_id const& id, std::string_view name, wall_time now)
{
    if (auto fit = check_name(name); !fit)
        return fit;
    auto writing = change::begin(*parts_);
    if (!writing)
        return writing.error();
    auto prepared = parts_->db.prepare("UPDATE devices SET name = ?2, changed = ?3 WHERE id = ?1");
    if (!prepared)
        return prepared.error();
    prepared->bind(1, id.raw()).bind(2, name).bind(3, row_time(now));
    return change_one(*parts_, *writing, *prepared, id);
}

outcome<import_counts> device_store::import(source const& next, import_policy policy, wall_time now)
{
    large_page_cache const cache{parts_->db};
    auto writing = change::begin(*parts_);
    if (!writing)
        return writing.error();
    auto rows = row_writer::over(*parts_);
    if (!rows)
        return rows.error();
    import_counts counts;
    while (true) {
        auto device = next();
        if (!device)
            return device.error();
        if (!*device)
            break;
        if (auto const taken = take(*rows, **device, policy, now, counts); !taken)
            return taken.error();
    }
    if (auto const kept = writing->keep(); !kept)
        return kept.error();
    return counts;
}

}  // namespace gatehouse::store
