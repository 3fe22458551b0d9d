// Reads the `devices:` of a credential file into the parts of a keyring.
#pragma once

#include "config/complaints.h"
#include "config/secret_text.h"
#include "config/yaml_map.h"
#include "identity/keyring.h"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace gatehouse::config {

// Holds references to all its arguments.
class device_reader {
public:
    device_reader(complaints& report, complaints& warnings, secret_files& files)
        : report_{report}
        , warnings_{warnings}
        , files_{files}
    {
    }

    void read(yaml_node devices);

    identity::keyring::parts take() { return std::move(parts_); }

private:
    struct device_facts {
        std::string text;  // how texts name the device
        bool weak_accepted = false;
    };

    void read_entry(yaml_entry const& entry);
    bool is_first(std::optional<identity::device_id> const& id, yaml_node key);
    identity::psk_device read_device(yaml_node node, std::string text);
    void read_keys(yaml_node list, device_facts const& facts, identity::psk_device& into);
    std::optional<identity::pre_shared_key> read_key(yaml_node node, device_facts const& facts);
    std::optional<identity::key_index> read_id(yaml_map& key);
    void read_window(yaml_map& key, identity::key_window& into);
    void read_secret(yaml_map& key, device_facts const& facts, secret_bytes& into);
    void judge_length(std::size_t size, yaml_node secret, device_facts const& facts);
    identity::key_index intern(std::string const& id);

    complaints& report_;
    complaints& warnings_;
    secret_files& files_;
    identity::keyring::parts parts_;
    std::unordered_map<std::string, identity::key_index> indexes_;
    std::unordered_map<identity::device_id, int> lines_;
    std::optional<int> wildcard_line_;
};

}  // namespace gatehouse::config
