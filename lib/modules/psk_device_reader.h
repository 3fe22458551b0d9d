// Reads the `devices:` of a credential file into parts of a keyring.
#pragma once

#include "config/credential_kind.h"
#include "config/foreign_keys.h"

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>

namespace gatehouse::config {

class psk_device_reader {
public:
    // What `with` refers to outlives it.
    explicit psk_device_reader(credential_tools const& with)
        : report_{with.report}
        , warnings_{with.warnings}
        , files_{with.files}
        , names_{with.names}
        , foreign_{with.foreign}
    {
    }

    void read(yaml_node devices);

    // The devices and the wildcard.
    void give(identity::keyring::parts& into);

private:
    struct device_facts {
        std::string text;  // how texts name the device
        bool weak_accepted = false;
    };

    void read_entry(yaml_entry const& entry);
    bool is_first(std::optional<identity::device_id> const& id, yaml_node key);
    identity::psk_device read_device(yaml_node node, std::string text);
    void read_psk(yaml_map& device, device_facts const& facts, identity::psk_device& into);
    void read_keys(yaml_node list, device_facts const& facts, identity::psk_device& into);
    std::optional<identity::pre_shared_key> read_key(yaml_node node, device_facts const& facts);
    void judge_length(std::size_t size, yaml_node secret, device_facts const& facts);

    complaints& report_;
    complaints& warnings_;
    secret_files& files_;
    identity::key_names& names_;
    foreign_keys const& foreign_;
    identity::device_table_builder devices_;
    std::optional<identity::psk_device> wildcard_;
    std::unordered_map<identity::device_id, int> lines_;
    std::optional<int> wildcard_line_;
};

}  // namespace gatehouse::config
