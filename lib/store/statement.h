// One prepared SQL statement.
//
// Lives no longer than its database. Parameters count from 1, columns from 0.
#pragma once

#include "base/bytes.h"
#include "store/failure.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

struct sqlite3_stmt;

namespace gatehouse::store {

enum class stepped : std::uint8_t { row, done };

class statement {
public:
    explicit statement(sqlite3_stmt* prepared) noexcept : handle_{prepared} {}

    // What is bound stays bound over `reset`. Text and bytes are not copied: they outlive the
    // steps.
    statement& bind(int parameter, std::int64_t value) noexcept;
    statement& bind(int parameter, std::optional<std::int64_t> value) noexcept;  // or NULL
    statement& bind(int parameter, std::string_view value) noexcept;
    statement& bind(int parameter, bytes value) noexcept;

    // To the next row, if there is one. A failed bind is told here.
    outcome<stepped> step();

    // Through all rows, and ready for the next use.
    outcome<> run();

    // Ready for the next use. Ends the reading that the statement is in.
    void reset() noexcept;

    // Columns of the row that `step` came to; views live until the next step or reset.
    std::int64_t number(int column) const noexcept;
    std::optional<std::int64_t> number_or_null(int column) const noexcept;
    std::string_view text(int column) const noexcept;
    bytes blob(int column) const noexcept;  // empty for NULL

private:
    struct finalizer {
        void operator()(sqlite3_stmt* handle) const noexcept;
    };

    void note(int code) noexcept;

    std::unique_ptr<sqlite3_stmt, finalizer> handle_;
    int bind_error_ = 0;
};

}  // namespace gatehouse::store
