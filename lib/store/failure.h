// Why the store did not do what it was asked to do.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <utility>

namespace gatehouse::store {

enum class failure_kind : std::uint8_t {
    // The file and who may touch it.
    cannot_open,
    unsafe_permissions,
    not_a_store,  // no SQLite database, or another application's
    newer_schema,
    wrong_key,
    damaged,  // the database, or a sealed secret that is not the one of its row

    // This change was not made; the store is as it was before.
    busy,  // another process writes
    full,
    read_only,
    disk_error,
    unknown_device,
    unknown_key,
    exists,
    too_many_keys,
    unfit_value,

    internal,  // a bug of ours
};

// `text` is for the operator: what is wrong and what would be right. It never holds a secret.
struct failure {
    failure() = default;  // Boost.System asks for one
    failure(failure_kind what, std::string words) : kind{what}, text{std::move(words)} {}

    failure_kind kind = failure_kind::internal;
    std::string text;
};

// A value, or why there is none.
template <class T = void>
using outcome = boost::system::result<T, failure>;

// Found by outcome when `value()` is called on a failure: a bug of ours.
[[noreturn]] void throw_exception_from_error(
    failure const& why, boost::source_location const& where
);

}  // namespace gatehouse::store
