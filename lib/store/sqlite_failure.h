// What an SQLite result code means to the operator.
#pragma once

#include "store/failure.h"

struct sqlite3;

namespace gatehouse::store {

// `code` is what the last call on this database returned. No memory is std::bad_alloc.
failure sqlite_failure(sqlite3* database, int code);

}  // namespace gatehouse::store
