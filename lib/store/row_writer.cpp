#include "store/row_writer.h"

#include "store/fitness.h"
#include "store/row_times.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::store {

namespace {

constexpr std::string_view insert_device_sql =
    "INSERT INTO devices (id, name, enabled, session_id_bytes, created, changed)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?5)";
constexpr std::string_view update_device_sql =
    "UPDATE devices SET name = ?2, enabled = ?3, session_id_bytes = ?4, changed = ?5 WHERE id = ?1";
constexpr std::string_view delete_keys_sql = "DELETE FROM keys WHERE device = ?1";
constexpr std::string_view insert_key_sql =
    "INSERT INTO keys (device, id, rank, sealed, not_before, not_after, created)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

outcome<> run_for_device(statement& prepared, new_device const& device, wall_time now)
{
    return prepared.bind(1, device.id.raw())
        .bind(2, std::string_view{device.name})
        .bind(3, std::int64_t{device.access == device_access::enabled ? 1 : 0})
        .bind(4, static_cast<std::int64_t>(device.legacy_session_id))
        .bind(5, row_time(now))
        .run();
}

}  // namespace

outcome<row_writer> row_writer::over(store_parts& where)
{
    auto insert_device = where.db.prepare(insert_device_sql);
    if (!insert_device)
        return insert_device.error();
    auto update_device = where.db.prepare(update_device_sql);
    if (!update_device)
        return update_device.error();
    auto delete_keys = where.db.prepare(delete_keys_sql);
    if (!delete_keys)
        return delete_keys.error();
    auto insert_key = where.db.prepare(insert_key_sql);
    if (!insert_key)
        return insert_key.error();
    statements prepared{
        std::move(*insert_device),
        std::move(*update_device),
        std::move(*delete_keys),
        std::move(*insert_key),
    };
    return row_writer{where, std::move(prepared)};
}

outcome<> row_writer::insert(new_device const& device, wall_time now)
{
    if (auto fit = check_device(device); !fit)
        return fit;
    auto made = run_for_device(prepared_.insert_device, device, now);
    if (!made && made.error().kind == failure_kind::exists)
        return failure{
            failure_kind::exists,
            "device " + device.id.text() + " is in the store already; nothing was changed"};
    if (!made)
        return made;
    return insert_keys(device, now);
}

outcome<row_writer::written> row_writer::insert_or_replace(new_device const& device, wall_time now)
{
    if (auto const fit = check_device(device); !fit)
        return fit.error();
    if (auto const updated = run_for_device(prepared_.update_device, device, now); !updated)
        return updated.error();
    if (where_->db.changed_rows() == 0) {
        auto const made = insert(device, now);
        if (!made)
            return made.error();
        return written::inserted;
    }
    if (auto const gone = prepared_.delete_keys.bind(1, device.id.raw()).run(); !gone)
        return gone.error();
    if (auto const made = insert_keys(device, now); !made)
        return made.error();
    return written::replaced;
}

outcome<> row_writer::insert_keys(new_device const& device, wall_time now)
{
    auto rank = static_cast<std::int64_t>(device.keys.size());
    for (auto const& key : device.keys) {
        if (auto made = insert_key(device.id, {key, rank--}, now); !made)
            return made;
    }
    return {};
}

outcome<> row_writer::insert_key(identity::device_id const& device, ranked key, wall_time now)
{
    auto const sealed = where_->seal->seal(key.key.secret.expose(), {device, key.key.id});
    auto made = prepared_.insert_key.bind(1, device.raw())
                    .bind(2, std::string_view{key.key.id})
                    .bind(3, key.rank)
                    .bind(4, bytes{sealed})
                    .bind(5, row_not_before(key.key.window))
                    .bind(6, row_not_after(key.key.window))
                    .bind(7, row_time(now))
                    .run();
    if (!made && made.error().kind == failure_kind::exists)
        return failure{
            failure_kind::exists,
            "device " + device.text() + " has a key \"" + key.key.id +
                "\" already; give the new one another id"};
    return made;
}

}  // namespace gatehouse::store
