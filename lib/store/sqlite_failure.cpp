#include "store/sqlite_failure.h"

#include <cerrno>
#include <new>
#include <string>
#include <system_error>

#include <sqlite3.h>

namespace gatehouse::store {

namespace {

failure_kind kind_of_system_error(int number)
{
    switch (number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return failure_kind::full;
    case EROFS:
    case EACCES:
    case EPERM:
        return failure_kind::read_only;
    default:
        return failure_kind::disk_error;
    }
}

failure_kind kind_of(int code, int system_error)
{
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return failure_kind::busy;
    case SQLITE_FULL:
        return failure_kind::full;
    case SQLITE_READONLY:
        return failure_kind::read_only;
    case SQLITE_CANTOPEN: {
        auto const kind = kind_of_system_error(system_error);
        return kind == failure_kind::disk_error ? failure_kind::cannot_open : kind;
    }
    case SQLITE_IOERR:
        return kind_of_system_error(system_error);
    case SQLITE_NOTADB:
        return failure_kind::not_a_store;
    case SQLITE_CORRUPT:
        return failure_kind::damaged;
    case SQLITE_CONSTRAINT:
        return code == SQLITE_CONSTRAINT_PRIMARYKEY ? failure_kind::exists : failure_kind::damaged;
    default:
        return failure_kind::internal;
    }
}

std::string words_for(failure_kind kind)
{
    switch (kind) {
    case failure_kind::busy:
        return "another process is writing to it; nothing was changed, try again";
    case failure_kind::full:
        return "there is no room for it on the disk (or within its size limit); nothing was "
               "changed, make room and try again";
    case failure_kind::read_only:
        return "this process may not write to it; nothing was changed, make the file and its "
               "directory writable for this user";
    case failure_kind::not_a_store:
        return "it is no device store; name the right file, or create a new one";
    case failure_kind::damaged:
        return "the database is damaged; restore a backup";
    case failure_kind::disk_error:
        return "the disk did not do its part (an error of it, a quota, or a limit on this "
               "process); "
               "nothing was changed";
    case failure_kind::cannot_open:
        return "it cannot be opened; it must be a file in a directory that this user may write to";
    case failure_kind::exists:
        return "it is there already";
    default:
        return "the database did not do what was asked";
    }
}

}  // namespace

failure sqlite_failure(sqlite3* database, int code)
{
    if ((code & 0xff) == SQLITE_NOMEM)
        throw std::bad_alloc{};
    auto const system_error = database != nullptr ? ::sqlite3_system_errno(database) : 0;
    auto const kind = kind_of(code, system_error);
    auto const* const name =
        database != nullptr ? ::sqlite3_db_filename(database, "main") : nullptr;
    auto text = std::string{"device store "} + (name != nullptr ? name : "") + ": " +
                words_for(kind) + " (SQLite " + std::to_string(code) + ", " +
                ::sqlite3_errstr(code);
    if (system_error != 0 && ((code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN))
        text += ": " + std::generic_category().message(system_error);
    return failure{kind, text + ')'};
}

}  // namespace gatehouse::store
