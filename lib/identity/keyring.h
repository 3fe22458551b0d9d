// Who may connect, with which key, from when to when: one credential set as an immutable snapshot.
//
// Shared read-only between workers. Wall time is an argument. The next snapshot is made whole by
// the loader, or of this one and a few changes; sessions remember a key_index, which means the same
// key id in every later snapshot.
#pragma once

#include "base/bytes.h"
#include "base/secret.h"
#include "identity/credential_extras.h"
#include "identity/device_table.h"
#include "identity/found_device.h"
#include "identity/key_counts.h"
#include "identity/keyed_peers.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gatehouse::identity {

struct keyring_changes {
    // Those of the keyring and new ones behind them (identity/key_names.h); empty: as they are.
    std::vector<std::string> key_ids;
    // New or changed entries; nothing: the entry is removed.
    std::vector<std::pair<device_id, std::optional<psk_device>>> devices;
};

class keyring {
public:
    struct parts {
        std::vector<std::string> key_ids;
        device_table_builder devices;
        std::optional<psk_device> wildcard;  // the entry "*"
        std::vector<master_key> masters;     // newest first

        // Of keyed protocols. A listed device has one key for each gateway key that it may use: the
        // gateway key's id and window, revoked like it, and the device's public key as its value.
        key_kind kind = key_kind::psk;
        std::vector<gateway_key> gateway_keys;            // newest first
        std::vector<keyed_peers::listed_peer> peers;      // one for each device
        bool anonymous = false;                           // admits anonymous_device()
        std::shared_ptr<credential_extras const> extras;  // of key_kind::secret
    };

    // `decoy` is random: the key, and the master, that an unknown device is tried with.
    keyring(parts contents, secret_bytes decoy);

    // The next snapshot, of pre-shared keys. Shares what did not change; every few thousand changed
    // devices it packs all anew (a few tenths of a second for a million devices).
    std::shared_ptr<keyring const> with(keyring_changes changes) const;

    // For a handshake, on any thread: the device's own entry, else its derived keys, else the
    // wildcard's entry. Derives equally many keys for all devices, known or not. No heap.
    found_device find(device_id const& id, crypto::hkdf_sha256& hkdf) const;

    // The largest number of keys that any device has, listed or derived: how many trials every
    // hello_ack costs, enrolled or not, so that the time tells nothing.
    std::size_t trials() const noexcept { return trials_; }
    bytes decoy() const noexcept { return fleet_->decoy.expose(); }

    // The names of the key indexes, in force or not.
    std::vector<std::string> const& key_ids() const noexcept { return key_ids_; }
    std::optional<key_index> index_of(std::string_view key_id) const noexcept;

    // Of keyed protocols; empty in sets of pre-shared keys.
    key_kind kind() const noexcept { return fleet_->kind; }
    bool anonymous() const noexcept { return fleet_->anonymous; }
    credential_extras const* extras() const noexcept { return fleet_->extras.get(); }
    std::span<gateway_key const> gateway_keys() const noexcept { return keyed().gateway_keys(); }
    std::span<keyed_peer const> peers() const noexcept { return keyed().peers(); }
    std::optional<device_id> find_peer(public_key const& key) const noexcept
    {
        return keyed().find(key);
    }
    // Which of `peers` may come from an address.
    source_index const& peer_sources() const noexcept { return keyed().sources(); }
    // With which of its keys the device, or anonymous_device(), may use this gateway key. Nothing:
    // never. Ask it accepted_at(now).
    std::optional<enrolled_key> peer_key(device_id const& device, key_index gateway_key) const;

    // For administration.
    std::size_t device_count() const noexcept { return device_count_; }  // listed
    std::optional<listed_device> find_listed(device_id const& id) const noexcept;
    std::optional<listed_device> wildcard() const noexcept;
    bool has_wildcard() const noexcept { return fleet_->wildcard.has_value(); }
    std::span<master_key const> masters() const noexcept { return fleet_->masters; }

    // All listed devices, the wildcard apart, in no order.
    using visitor = std::function<void(device_id const&, listed_device const&)>;
    void for_each_device(visitor const& visit) const;

    // How many keys are in each state: each key of a listed device and of the wildcard, and one for
    // each master. The keys of disabled devices do not count.
    key_counts counts(wall_time now) const;
    std::size_t count(key_state state, wall_time now) const { return counts(now)[state]; }
    // The same by key index, without the masters.
    std::vector<key_counts> counts_by_key(wall_time now) const;

    // The key that a master has for a device that is not listed, for its provisioning tool. Nothing
    // when there is none under this id.
    std::optional<secret_bytes> derived_for(device_id const& device, key_index key) const;

    // True when both surely say the same about a device, found without a look at keys; false says
    // nothing.
    bool surely_agrees(keyring const& other, device_id const& device) const noexcept;
    // True when both surely say the same about devices that are not listed; keyed sets say so only
    // of themselves.
    bool agrees_on_unlisted(keyring const& other) const noexcept;

    // How many devices may differ from the packed base of a keyring of so many.
    static std::size_t changes_before_packing(std::size_t devices) noexcept;

private:
    // What applies to devices that are not listed.
    struct unlisted {
        std::optional<psk_device> wildcard;
        std::vector<master_key> masters;
        secret_bytes decoy;
        derived_key decoy_master;
        std::size_t derivations = 0;  // the most masters that cover one device
        key_kind kind = key_kind::psk;
        bool anonymous = false;
        keyed_peers keyed{{}, {}};
        std::shared_ptr<credential_extras const> extras;
    };
    // Null: removed.
    using delta = std::unordered_map<device_id, std::shared_ptr<psk_device const>>;

    keyring(keyring const& before, keyring_changes&& changes);

    keyed_peers const& keyed() const noexcept { return fleet_->keyed; }

    void apply(device_id const& id, std::optional<psk_device>&& entry);
    bool is_worn() const noexcept;
    void pack();
    void settle() noexcept;
    template <class Add>
    void tally(wall_time now, Add const& add) const;

    std::vector<std::string> key_ids_;
    std::shared_ptr<device_table const> base_;
    delta changed_;  // since the base was packed
    std::shared_ptr<unlisted const> fleet_;
    std::size_t device_count_ = 0;
    std::size_t trials_ = 1;
};

}  // namespace gatehouse::identity
