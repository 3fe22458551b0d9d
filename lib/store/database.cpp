#include "store/database.h"

#include "store/sqlite_failure.h"

#include <sqlite3.h>

namespace gatehouse::store {

void database::closer::operator()(sqlite3* handle) const noexcept
{
    ::sqlite3_close_v2(handle);
}

outcome<database> database::open(std::string const& file, std::chrono::milliseconds busy_wait)
{
    sqlite3* handle = nullptr;
    auto const code = ::sqlite3_open_v2(
        file.c_str(),
        &handle,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE,
        nullptr
    );
    // There is a handle even when it failed, to ask why.
    database made{handle};
    if (code != SQLITE_OK)
        return sqlite_failure(handle, code);
    // SQLite turns to reading alone when the file may not be written.
    if (::sqlite3_db_readonly(handle, "main") == 1)
        return sqlite_failure(handle, SQLITE_READONLY);
    made.set_busy_wait(busy_wait);
    ::sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    ::sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    return made;
}

outcome<> database::run(char const* sql)
{
    auto const code = ::sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return sqlite_failure(handle_.get(), code);
    return {};
}

outcome<statement> database::prepare(std::string_view sql)
{
    sqlite3_stmt* prepared = nullptr;
    auto const code = ::sqlite3_prepare_v2(
        handle_.get(), sql.data(), static_cast<int>(sql.size()), &prepared, nullptr
    );
    if (code != SQLITE_OK)
        return sqlite_failure(handle_.get(), code);
    return statement{prepared};
}

outcome<std::int64_t> database::number(std::string_view sql)
{
    auto asked = prepare(sql);
    if (!asked)
        return asked.error();
    auto const moved = asked->step();
    if (!moved)
        return moved.error();
    if (*moved == stepped::done)
        return sqlite_failure(handle_.get(), SQLITE_CORRUPT);
    return asked->number(0);
}

std::size_t database::changed_rows() const noexcept
{
    return static_cast<std::size_t>(::sqlite3_changes64(handle_.get()));
}

bool database::in_transaction() const noexcept
{
    return ::sqlite3_get_autocommit(handle_.get()) == 0;
}

std::string_view database::file() const noexcept
{
    auto const* const name = ::sqlite3_db_filename(handle_.get(), "main");
    return name != nullptr ? name : "";
}

void database::set_busy_wait(std::chrono::milliseconds wait) noexcept
{
    ::sqlite3_busy_timeout(handle_.get(), static_cast<int>(wait.count()));
}

}  // namespace gatehouse::store
