#include "store/schema.h"

#include "store/transaction.h"

#include <string>

#include <sqlite3.h>

namespace gatehouse::store {

namespace {

constexpr int first_with_strict_tables = 3'037'000;

// Times are whole seconds since 1970 UTC; NULL is no bound. A key's rank orders the keys of its
// device: the newest has the highest. A revoked key has no secret.
std::string tables()
{
    std::string const strict =
        ::sqlite3_libversion_number() >= first_with_strict_tables ? "STRICT" : "";
    auto const clustered = strict.empty() ? " WITHOUT ROWID;" : " WITHOUT ROWID, " + strict + ';';
    return "CREATE TABLE meta ("
           " one INTEGER PRIMARY KEY CHECK (one = 1),"
           " seal_check BLOB NOT NULL,"
           " changes INTEGER NOT NULL) " +
           strict +
           ";"
           "CREATE TABLE devices ("
           " id BLOB NOT NULL PRIMARY KEY,"
           " name TEXT NOT NULL,"
           " enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),"
           " session_id_bytes INTEGER NOT NULL CHECK (session_id_bytes IN (0, 4, 16)),"
           " created INTEGER NOT NULL,"
           " changed INTEGER NOT NULL)" +
           clustered +
           "CREATE TABLE keys ("
           " device BLOB NOT NULL REFERENCES devices (id) ON DELETE CASCADE,"
           " id TEXT NOT NULL,"
           " rank INTEGER NOT NULL,"
           " sealed BLOB,"
           " not_before INTEGER,"
           " not_after INTEGER,"
           " created INTEGER NOT NULL,"
           " revoked_at INTEGER,"
           " PRIMARY KEY (device, id),"
           " CHECK ((sealed IS NULL) = (revoked_at IS NOT NULL)))" +
           clustered + "PRAGMA application_id = " + std::to_string(application_id) +
           ";"
           "PRAGMA user_version = " +
           std::to_string(schema_version) + ';';
}

failure wrong_content(database const& where, failure_kind kind, std::string const& why)
{
    return failure{kind, "device store " + std::string{where.file()} + ": " + why};
}

}  // namespace

outcome<content> look_at(database& where)
{
    auto const reading = transaction::begin(where, transaction_kind::reading);
    if (!reading)
        return reading.error();
    auto const application = where.number("PRAGMA application_id");
    if (!application)
        return application.error();
    auto const version = where.number("PRAGMA user_version");
    if (!version)
        return version.error();
    auto const things = where.number("SELECT count(*) FROM sqlite_schema");
    if (!things)
        return things.error();

    if (*application == 0 && *version == 0 && *things == 0)
        return content::empty;
    if (*application != application_id)
        return wrong_content(
            where,
            failure_kind::not_a_store,
            "this is another application's SQLite database; name the right file"
        );
    if (*version > schema_version)
        return wrong_content(
            where,
            failure_kind::newer_schema,
            "it has schema " + std::to_string(*version) + ", and this release knows up to " +
                std::to_string(schema_version) + "; use the release that wrote it, or a newer one"
        );
    if (*version != schema_version)
        return wrong_content(
            where,
            failure_kind::damaged,
            "there is no schema " + std::to_string(*version) + "; restore a backup"
        );
    return content::store;
}

outcome<> apply_settings(database& where)
{
    auto asked = where.prepare("PRAGMA journal_mode = WAL");
    if (!asked)
        return asked.error();
    auto const moved = asked->step();
    if (!moved)
        return moved.error();
    if (asked->text(0) != "wal")
        return wrong_content(
            where,
            failure_kind::cannot_open,
            "its file system has no shared memory for a write-ahead log; put it on a local disk"
        );
    asked->reset();
    return where.run("PRAGMA synchronous = FULL;"
                     "PRAGMA foreign_keys = ON;"
                     "PRAGMA secure_delete = ON;"
                     "PRAGMA cell_size_check = ON;"
                     "PRAGMA temp_store = MEMORY;"
                     "PRAGMA journal_size_limit = 16777216;");
}

outcome<> make_tables(database& where, bytes seal_check)
{
    auto writing = transaction::begin(where, transaction_kind::writing);
    if (!writing)
        return writing.error();
    auto const things = where.number("SELECT count(*) FROM sqlite_schema");
    if (!things)
        return things.error();
    if (*things != 0)
        return {};
    if (auto made = where.run(tables().c_str()); !made)
        return made;
    auto meta = where.prepare("INSERT INTO meta VALUES (1, ?1, 0)");
    if (!meta)
        return meta.error();
    if (auto written = meta->bind(1, seal_check).run(); !written)
        return written;
    return writing->commit();
}

}  // namespace gatehouse::store
