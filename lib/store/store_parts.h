// What an open store is made of.
#pragma once

#include "crypto/random.h"
#include "store/database.h"
#include "store/failure.h"
#include "store/sealer.h"

#include <memory>
#include <string_view>
#include <utility>

namespace gatehouse::store {

struct store_parts {
    store_parts(database opened, crypto::aead_key key, crypto::random_source& source)
        : db{std::move(opened)}
        , random{source}
        , seal{std::make_unique<sealer>(std::move(key), source)}
    {
    }

    // Whether `seal` has the key that the store is sealed under at present. When not: wrong_key,
    // with `advice`.
    outcome<> check_seal_key(std::string_view advice);

    database db;
    crypto::random_source& random;
    std::unique_ptr<sealer> seal;
};

// Another process has sealed the store anew.
inline constexpr std::string_view sealed_anew =
    "it was sealed under another key since it was opened; open it again with the new key";

}  // namespace gatehouse::store
