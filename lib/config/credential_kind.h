// What the keys of a credential set are, and how a file of them is read. Each kind has one object
// (modules/psk_credentials.h), which protocols name (config/protocol_type.h).
#pragma once

#include "config/complaints.h"
#include "config/model.h"
#include "config/secret_text.h"
#include "config/yaml_map.h"
#include "identity/key_names.h"
#include "identity/keyring.h"

#include <optional>
#include <span>
#include <string_view>

namespace gatehouse::config {

class foreign_keys;

// What the reader of a credential file works with.
struct credential_tools {
    complaints& report;
    complaints& warnings;
    secret_files& files;  // secrets that stand elsewhere
    identity::key_names& names;
    foreign_keys const& foreign;  // keys of the file that are right in other kinds
};

class credential_kind {
public:
    virtual ~credential_kind() = default;
    credential_kind(credential_kind const&) = delete;
    credential_kind& operator=(credential_kind const&) = delete;

    // "Ed25519 keys"
    virtual std::string_view words() const = 0;
    // A device of it "has a \"psk\"".
    virtual std::string_view form() const = 0;

    // What stands in files of this kind, or a few kinds, only: at the top, and in a device's entry.
    using key_list = std::span<std::string_view const>;
    virtual key_list top_keys() const = 0;
    virtual key_list device_keys() const = 0;

    // Is a file that no listener uses one of these? The first kind is where none says so.
    virtual bool looks_like(yaml_map& top) const = 0;

    // Can a managed store hold them?
    virtual bool fits_a_store() const { return false; }

    // All of the file but its version.
    virtual void read(yaml_map& top, credential_tools const& with, identity::keyring::parts& into)
        const = 0;

protected:
    credential_kind() = default;
};

inline constexpr std::string_view no_empty_fleet =
    "; this is a broken file, not an empty fleet (that is written \"devices: {}\")";

// `devices` of a file of any kind. Nothing when there is nothing to read; `missing` is what to say
// when the key is absent, if anything.
std::optional<yaml_node> find_devices(yaml_map& top, std::string_view missing);

// What the listeners that use the set need; null when none does.
credential_kind const* kind_of_set(settings const& all, std::string_view set);

}  // namespace gatehouse::config
