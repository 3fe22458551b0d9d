// The tables of a store, and which databases are stores.
#pragma once

#include "base/bytes.h"
#include "store/database.h"
#include "store/failure.h"

#include <cstdint>

namespace gatehouse::store {

inline constexpr std::int64_t application_id = 0x47'61'74'65;  // "Gate"
inline constexpr std::int64_t schema_version = 1;

enum class content : std::uint8_t { empty, store };

// What the file holds, found without writing: nothing yet, or a store of our version. All else is a
// failure.
outcome<content> look_at(database& where);

// How this connection works: WAL, durable commits, foreign keys, deleted content overwritten.
outcome<> apply_settings(database& where);

// Makes the tables, with the sealed check value of the seal key. Does nothing in a store that
// another process has made meanwhile.
outcome<> make_tables(database& where, bytes seal_check);

}  // namespace gatehouse::store
