#include "store/statement.h"

#include "store/sqlite_failure.h"

#include <sqlite3.h>

namespace gatehouse::store {

void statement::finalizer::operator()(sqlite3_stmt* handle) const noexcept
{
    ::sqlite3_finalize(handle);
}

void statement::note(int code) noexcept
{
    if (code != SQLITE_OK)
        bind_error_ = code;
}

statement& statement::bind(int parameter, std::int64_t value) noexcept
{
    note(::sqlite3_bind_int64(handle_.get(), parameter, value));
    return *this;
}

statement& statement::bind(int parameter, std::optional<std::int64_t> value) noexcept
{
    if (value)
        return bind(parameter, *value);
    note(::sqlite3_bind_null(handle_.get(), parameter));
    return *this;
}

statement& statement::bind(int parameter, std::string_view value) noexcept
{
    char const* const start = value.empty() ? "" : value.data();
    note(::sqlite3_bind_text64(
        handle_.get(), parameter, start, value.size(), SQLITE_STATIC, SQLITE_UTF8
    ));
    return *this;
}

statement& statement::bind(int parameter, bytes value) noexcept
{
    // A null pointer would be NULL instead of no bytes.
    if (value.empty())
        note(::sqlite3_bind_zeroblob(handle_.get(), parameter, 0));
    else
        note(::sqlite3_bind_blob64(
            handle_.get(), parameter, value.data(), value.size(), SQLITE_STATIC
        ));
    return *this;
}

outcome<stepped> statement::step()
{
    auto const code = bind_error_ != 0 ? bind_error_ : ::sqlite3_step(handle_.get());
    if (code == SQLITE_ROW)
        return stepped::row;
    if (code == SQLITE_DONE)
        return stepped::done;
    auto why = sqlite_failure(::sqlite3_db_handle(handle_.get()), code);
    reset();
    return why;
}

outcome<> statement::run()
{
    while (true) {
        auto const moved = step();
        if (!moved)
            return moved.error();
        if (*moved == stepped::done)
            break;
    }
    reset();
    return {};
}

void statement::reset() noexcept
{
    // Repeats what the last step said.
    ::sqlite3_reset(handle_.get());
    bind_error_ = 0;
}

std::int64_t statement::number(int column) const noexcept
{
    return ::sqlite3_column_int64(handle_.get(), column);
}

std::optional<std::int64_t> statement::number_or_null(int column) const noexcept
{
    if (::sqlite3_column_type(handle_.get(), column) == SQLITE_NULL)
        return std::nullopt;
    return number(column);
}

std::string_view statement::text(int column) const noexcept
{
    return as_text(blob(column));
}

bytes statement::blob(int column) const noexcept
{
    // The pointer comes first: it settles the form that the size is of (SQLite, "Result Values").
    auto const* const start =
        static_cast<std::uint8_t const*>(::sqlite3_column_blob(handle_.get(), column));
    auto const size = ::sqlite3_column_bytes(handle_.get(), column);
    return {start, static_cast<std::size_t>(start != nullptr ? size : 0)};
}

}  // namespace gatehouse::store
