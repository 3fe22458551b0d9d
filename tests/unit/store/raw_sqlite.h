// SQL on a store's file past the store, for tests that play the attacker or another release.
#pragma once

#include <stdexcept>
#include <string>

#include <sqlite3.h>

namespace gatehouse::store::testing {

inline void run_sql(std::string const& file, std::string const& sql)
{
    sqlite3* handle = nullptr;
    auto code = ::sqlite3_open(file.c_str(), &handle);
    if (code == SQLITE_OK)
        code = ::sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr);
    std::string const why = ::sqlite3_errmsg(handle);
    ::sqlite3_close(handle);
    if (code != SQLITE_OK)
        throw std::runtime_error{why};
}

inline std::string ask_sql(std::string const& file, std::string const& sql)
{
    sqlite3* handle = nullptr;
    sqlite3_stmt* asked = nullptr;
    std::string answer;
    if (::sqlite3_open(file.c_str(), &handle) == SQLITE_OK &&
        ::sqlite3_prepare_v2(handle, sql.c_str(), -1, &asked, nullptr) == SQLITE_OK &&
        ::sqlite3_step(asked) == SQLITE_ROW) {
        auto const* const start = static_cast<char const*>(::sqlite3_column_blob(asked, 0));
        answer.assign(start, static_cast<std::size_t>(::sqlite3_column_bytes(asked, 0)));
    }
    ::sqlite3_finalize(asked);
    ::sqlite3_close(handle);
    return answer;
}

}  // namespace gatehouse::store::testing
