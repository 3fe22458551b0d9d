// One connection to an SQLite database.
//
// One thread at a time. Must not be carried over a fork.
#pragma once

#include "store/failure.h"
#include "store/statement.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;

namespace gatehouse::store {

class database {
public:
    // Opens an existing file for reading and writing, and changes nothing in it. An operation waits
    // for another process's lock no longer than `busy_wait`. No symbolic link in `file`.
    static outcome<database> open(std::string const& file, std::chrono::milliseconds busy_wait);

    // Statements without results, separated by semicolons.
    outcome<> run(char const* sql);
    outcome<statement> prepare(std::string_view sql);

    // The first column of the first row; there must be one.
    outcome<std::int64_t> number(std::string_view sql);

    // Rows that the last INSERT, UPDATE or DELETE touched itself.
    std::size_t changed_rows() const noexcept;

    bool in_transaction() const noexcept;
    std::string_view file() const noexcept;
    void set_busy_wait(std::chrono::milliseconds wait) noexcept;

private:
    struct closer {
        void operator()(sqlite3* handle) const noexcept;
    };

    explicit database(sqlite3* handle) noexcept : handle_{handle} {}

    std::unique_ptr<sqlite3, closer> handle_;
};

}  // namespace gatehouse::store
