// A credential set that lives in a store: opened, read into a keyring, and changed by operators.
//
// One thread at a time; reads of a whole store have a handle of their own (`load_store`).
#pragma once

#include "config/model.h"
#include "config/problem.h"
#include "config/secret_text.h"
#include "crypto/random.h"
#include "identity/keyring.h"
#include "store/device_store.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse {

// How long a change waits while another process, or an import, writes.
inline constexpr std::chrono::milliseconds change_wait{5'000};

struct store_access {
    store::open_mode mode = store::open_mode::existing;
    std::chrono::milliseconds busy_wait = change_wait;
    std::vector<config::key_file_note>* key_files = nullptr;  // gets that of the store's key
};

// Nothing when it cannot be opened; `found` says why.
std::optional<store::device_store> open_store(
    config::credential_set const& set,
    store_access how,
    crypto::random_source& random,
    config::problems& found
);

// Is the store not there yet, and could it be made? `found` says why it could not.
bool is_store_to_be_made(
    config::credential_set const& set, store_access how, config::problems& found
);

// The whole store as a keyring; null when it cannot be read. `key_ids` are those of the snapshot
// before.
std::shared_ptr<identity::keyring const> load_store(
    config::credential_set const& set,
    store_access how,
    std::vector<std::string> key_ids,
    config::problems& found
);

// What is different in the keyring after a change of one device; `stored` is nothing when the
// device is gone.
identity::keyring_changes changes_of(
    identity::keyring const& before,
    identity::device_id const& device,
    std::optional<store::stored_device> stored
);

}  // namespace gatehouse
