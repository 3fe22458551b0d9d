// The devices of a keyring, packed: immutable, one row a device, sorted by hash.
//
// A device with one 32-byte key takes about 75 bytes. Shared by the snapshots of a keyring that
// differ little (identity/keyring.h); any thread may read.
#pragma once

#include "identity/device_id.h"
#include "identity/listed_device.h"
#include "identity/secret_arena.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace gatehouse::identity {

class device_table {
public:
    // Keys that are alike but for their value and their device.
    struct key_kind {
        key_index id = 0;  // `no_key`: a revoked device without keys
        key_window window;
        key_mark mark = key_mark::accepted;
        std::uint32_t count = 0;
    };
    static constexpr key_index no_key = ~key_index{0};

    std::size_t size() const noexcept { return devices_.size(); }
    std::size_t most_keys() const noexcept { return most_keys_; }
    std::span<key_kind const> kinds() const noexcept { return kinds_; }

    std::optional<std::uint32_t> find(device_id const& id) const noexcept;

    // Rows are below `size`.
    device_id const& id(std::uint32_t row) const noexcept { return devices_[row].id; }
    std::string_view name(std::uint32_t row) const noexcept;
    device_state state(std::uint32_t row) const noexcept { return devices_[row].state; }
    session_id_length legacy_session_id(std::uint32_t row) const noexcept
    {
        return devices_[row].legacy;
    }
    std::size_t key_count(std::uint32_t row) const noexcept { return devices_[row].key_count; }
    enrolled_key key(std::uint32_t row, std::size_t index) const noexcept;

private:
    friend class device_table_builder;

    struct key_row {
        std::uint32_t kind = 0;
        std::uint32_t value = 0;  // in values_
        std::uint16_t size = 0;
    };
    // The newest key stands in the row itself: most devices have no other.
    struct device_row {
        device_id id;
        key_row newest;
        std::uint32_t older = 0;  // in older_keys_
        std::uint32_t name = 0;   // in names_; 0: none
        std::uint16_t key_count = 0;
        device_state state = device_state::enabled;
        session_id_length legacy = session_id_length::unknown;
    };
    std::size_t bucket_of(device_id const& id) const noexcept;

    std::vector<device_row> devices_;     // by bucket
    std::vector<std::uint32_t> buckets_;  // the first row of each, and the end
    std::vector<key_row> older_keys_;
    std::vector<key_kind> kinds_;
    std::string names_;  // each behind its length
    secret_arena values_;
    std::size_t most_keys_ = 0;
};

class device_table_builder {
public:
    device_table_builder();

    // Each device once. `device` keeps the bounds of identity/psk_device.h.
    void add(device_id const& id, listed_device const& device);
    void add(device_id const& id, psk_device const& device) { add(id, listed_device{device}); }

    // Leaves the builder empty.
    std::shared_ptr<device_table const> finish();

private:
    using kind_name = std::tuple<key_index, wall_time, wall_time, key_mark>;

    device_table::key_row make_key(enrolled_key const& key);
    std::uint32_t count_kind(kind_name const& name);
    std::uint32_t add_name(std::string_view name);
    void sort_into_buckets();

    std::unique_ptr<device_table> made_;
    std::map<kind_name, std::uint32_t> kinds_;
};

}  // namespace gatehouse::identity
