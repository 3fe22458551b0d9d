// Reads the `gateway_keys:` of a credential file.
#pragma once

#include "config/complaints.h"
#include "config/secret_text.h"
#include "config/yaml_map.h"
#include "identity/gateway_key.h"
#include "identity/key_names.h"

#include <optional>
#include <string>
#include <vector>

namespace gatehouse::config {

// Holds references to all its arguments.
class gateway_key_reader {
public:
    gateway_key_reader(complaints& report, secret_files& files, identity::key_names& names)
        : report_{report}
        , files_{files}
        , names_{names}
    {
    }

    // `kind` is that of the keys, not psk.
    void read(yaml_node list, identity::key_kind kind);

    std::vector<identity::gateway_key> const& keys() const noexcept { return keys_; }
    std::string const& name_of(identity::gateway_key const& key) const { return names_[key.id]; }
    // Of all of them, the wrong ones too.
    std::vector<std::string> const& ids() const noexcept { return ids_; }
    std::vector<identity::gateway_key> take() { return std::move(keys_); }

private:
    void read_key(yaml_node node, identity::key_kind kind);
    std::optional<identity::private_key> read_private(yaml_map& key);
    bool is_new_id(std::string const& id, position where);

    complaints& report_;
    secret_files& files_;
    identity::key_names& names_;
    std::vector<identity::gateway_key> keys_;
    std::vector<std::string> ids_;
};

}  // namespace gatehouse::config
