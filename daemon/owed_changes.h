// Changes of managed stores that are in force and not on the disk yet, in the order in which they
// were asked for: a full disk or a locked file holds up no revocation.
//
// Any thread.
#pragma once

#include "base/time.h"
#include "config/model.h"
#include "identity/keyring.h"
#include "store/device_store.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse {

struct owed_change {
    enum class kind : std::uint8_t { disable, revoke_key, revoke_all };

    config::credential_set set;
    identity::device_id device;
    kind what = kind::disable;
    std::string key_id = {};  // of revoke_key
    wall_time since{};
    std::string why = {};  // it could not be written
};

// "disable device", "revoke key"
std::string name_of(owed_change const& change);

// The same in memory. The keyring itself when it does not know the device.
std::shared_ptr<identity::keyring const> in_force(
    std::shared_ptr<identity::keyring const> ring, owed_change const& change
);

class owed_changes {
public:
    void add(owed_change made);
    std::size_t size() const;
    std::vector<owed_change> all() const;

    // Writes what is owed to this store. The first failure that trying again may mend; what cannot
    // be written because there is nothing to change is forgotten.
    std::optional<store::failure> write_to(
        store::device_store& open, config::credential_set const& set
    );

    // Why nothing that is owed to this store could be written.
    void note_failure(config::credential_set const& set, std::string const& why);

private:
    std::optional<owed_change> next_of(config::credential_set const& set) const;
    void forget_next_of(config::credential_set const& set);

    mutable std::mutex lock_;
    std::vector<owed_change> all_;
    std::mutex writing_;  // one after the other, so that the order is kept
};

// What `changes` say of the set's store. `ring` may be null.
std::shared_ptr<identity::keyring const> with_owed(
    std::shared_ptr<identity::keyring const> ring,
    config::credential_set const& set,
    std::vector<owed_change> const& changes
);

}  // namespace gatehouse
