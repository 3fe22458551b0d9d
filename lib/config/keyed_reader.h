// Reads a credential file of a keyed protocol: the gateway's own keys, and devices by public key.
#pragma once

#include "config/complaints.h"
#include "config/gateway_key_reader.h"
#include "config/secret_text.h"
#include "config/yaml_map.h"
#include "identity/key_names.h"
#include "identity/keyring.h"

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace gatehouse::config {

// Bound on the ranges of addresses that one device has.
inline constexpr std::size_t most_device_ranges = 16;

// Holds references to all its arguments.
class keyed_reader {
public:
    keyed_reader(complaints& report, secret_files& files, identity::key_names& names)
        : report_{report}
        , gateway_{report, files, names}
    {
    }

    // What the file says of the gateway: before its devices. `kind` is not psk.
    void read_gateway(yaml_map& top, identity::key_kind kind);
    void read_devices(yaml_node devices);

    // psk until the gateway was read.
    identity::key_kind kind() const noexcept { return kind_; }
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
    gateway_key_reader gateway_;
    identity::key_kind kind_ = identity::key_kind::psk;
    bool anonymous_ = false;
    identity::device_table_builder devices_;
    std::vector<identity::keyed_peers::listed_peer> peers_;
    std::unordered_map<std::string, int> lines_;
    std::map<identity::public_key, int> key_lines_;
};

}  // namespace gatehouse::config
