// The managed store: devices and their pre-shared keys in an SQLite file, secrets sealed.
//
// One thread at a time, and never a worker's: calls wait for the disk. Several processes may have a
// store open; one of them writes. Times are arguments. Each change is one transaction: it is on the
// disk when the call returns without a failure, and otherwise nothing of it is there. Visitors and
// sources do not call the store that calls them. Not to be used across a fork.
#pragma once

#include "base/time.h"
#include "crypto/aead.h"
#include "crypto/random.h"
#include "store/failure.h"
#include "store/stored_device.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::store {

struct store_parts;

enum class open_mode : std::uint8_t { existing, create };  // create: made when there is none

struct store_options {
    std::string file;
    open_mode mode = open_mode::existing;
    std::chrono::milliseconds busy_wait{5'000};  // for another process's change
    std::uint64_t largest_size = 0;              // bytes of the main file; 0: no limit
};

// Which devices of a listing: all that match everything set here, in the order of their ids.
struct page_request {
    identity::device_id after;  // empty: from the first
    std::size_t limit = 100;    // up to longest_page
    std::optional<device_access> access;
    std::string key_id;  // empty: any; else devices with this key, revoked or not
};

struct rotation {
    wall_time close_old_at;  // when older keys close that would be open longer
    wall_time now;
};

enum class import_policy : std::uint8_t {
    add_only,  // a device that is in the store already is a failure: exists
    replace,   // it gets the new name and keys; devices that are not imported stay
};

struct import_counts {
    std::size_t added = 0;
    std::size_t replaced = 0;
};

class device_store {
public:
    // `random` outlives the store. Failures: see failure_kind, "The file".
    static outcome<device_store> open(
        store_options const& options, crypto::aead_key seal_key, crypto::random_source& random
    );

    ~device_store();
    device_store(device_store const&) = delete;
    device_store& operator=(device_store const&) = delete;
    device_store(device_store&&) noexcept;
    device_store& operator=(device_store&&) noexcept;

    // Reading. Sees one state of the store throughout, whoever writes meanwhile.

    // All devices with their secrets, in the order of their ids, one at a time. After a failure the
    // visitor has seen a part: whoever builds something of it throws that away.
    using visitor = std::function<void(stored_device&&)>;
    outcome<> for_each_device(visitor const& visit);
    outcome<stored_device> find(identity::device_id const& id);  // with secrets
    outcome<std::vector<stored_device>> list(page_request const& wanted);
    outcome<std::size_t> count();

    // Moves with each change that any process makes, and never back.
    outcome<std::uint64_t> change_counter();

    // Changes of devices.

    outcome<> add(new_device const& device, wall_time now);
    outcome<> remove(identity::device_id const& id);  // with its keys
    outcome<> set_access(identity::device_id const& id, device_access access, wall_time now);
    outcome<> rename(identity::device_id const& id, std::string_view name, wall_time now);

    // Takes devices until there are no more; a failure of the source undoes all.
    using source = std::function<outcome<std::optional<new_device>>()>;
    outcome<import_counts> import(source const& next, import_policy policy, wall_time now);

    // Changes of keys. A new key is the newest of its device.

    outcome<> add_key(identity::device_id const& id, new_key const& key, wall_time now);

    // The same for a key that is valid now, and all older keys close at `close_old_at` at the
    // latest.
    outcome<> rotate(identity::device_id const& id, new_key const& key, rotation when);

    // The key's secret is gone at once, its row stays as revoked. Once more is no failure.
    outcome<> revoke_key(identity::device_id const& id, std::string_view key_id, wall_time now);
    outcome<std::size_t> revoke_keys(identity::device_id const& id, wall_time now);  // how many

    // Removes keys that closed or were revoked before a time; how many.
    outcome<std::size_t> purge(wall_time before);

    // Keeping.

    // Seals everything under another key, which the store has from then on. Other processes that
    // have it open are told wrong_key.
    outcome<> reseal(crypto::aead_key new_key);

    // Writes a copy, sealed as the store is, to a file that is not there yet. Does not stop
    // writers.
    outcome<> backup(std::string const& path);

private:
    explicit device_store(std::unique_ptr<store_parts> parts) noexcept;

    std::unique_ptr<store_parts> parts_;
};

}  // namespace gatehouse::store
