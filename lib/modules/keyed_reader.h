// Reads a credential file of a keyed protocol: the gateway's own keys, and devices by public key.
#pragma once

#include "config/credential_kind.h"
#include "config/device_fields.h"
#include "config/foreign_keys.h"
#include "modules/gateway_key_reader.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::config {

// Bound on the ranges of addresses that one device has.
inline constexpr std::size_t most_device_ranges = 16;

class keyed_reader {
public:
    // What `with` refers to outlives it. `kind` is not psk.
    keyed_reader(credential_tools const& with, identity::key_kind kind)
        : report_{with.report}
        , foreign_{with.foreign}
        , gateway_{with.report, with.files, with.names}
        , kind_{kind}
    {
    }

    // What the file says of the gateway: before its devices.
    void read_gateway(yaml_map& top);
    void read_devices(yaml_node devices);

    void give(identity::keyring::parts& into);

private:
    struct device_facts {
        identity::psk_device entry;
        std::optional<identity::public_key> key;
        std::vector<identity::source_range> from;
    };

    void read_entry(yaml_entry const& entry);
    bool is_fit_name(yaml_node key);
    device_facts read_device(yaml_node node, std::string const& name);
    std::optional<identity::public_key> read_public(yaml_map& device, device_facts const& facts);
    bool is_new_key(identity::public_key const& key, position where);
    void read_ranges(yaml_map& device, device_facts& into);
    std::vector<identity::gateway_key const*> read_gateway_key(yaml_map& device);

    complaints& report_;
    foreign_keys const& foreign_;
    gateway_key_reader gateway_;
    identity::key_kind kind_;
    bool anonymous_ = false;
    identity::device_table_builder devices_;
    std::vector<identity::keyed_peers::listed_peer> peers_;
    device_lines lines_;
    std::map<identity::public_key, int> key_lines_;
};

}  // namespace gatehouse::config
