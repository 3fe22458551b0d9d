// Reads the `devices:` of a credential file of Array-Crypto.
#pragma once

#include "config/credential_kind.h"
#include "config/device_fields.h"
#include "config/foreign_keys.h"
#include "crypto/hmac.h"
#include "protocol/array_crypto/device_list.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::config {

class array_crypto_reader {
public:
    // What `with` refers to outlives it.
    explicit array_crypto_reader(credential_tools const& with) : with_{with} {}

    void read(yaml_node devices);
    void give(identity::keyring::parts& into);

private:
    void read_entry(yaml_entry const& entry);
    bool is_fit_name(yaml_node key);
    void read_device(yaml_map& map, array_crypto::device& made, identity::psk_device& entry);
    void read_profile(yaml_map& map, array_crypto::device& made, bool shut_out);
    void read_secret(yaml_map& map, array_crypto::device& made, bool shut_out);
    void read_password(yaml_map& map, array_crypto::device& made);
    void read_prefix(yaml_map& map, array_crypto::device& made);
    bool is_first(std::map<std::string, int>& lines, std::string const& what, position where);
    std::string fingerprint(bytes secret);
    secret_bytes value_of(array_crypto::device const& of);

    credential_tools with_;
    crypto::hmac_sha256 hmac_;
    identity::device_table_builder entries_;
    std::vector<array_crypto::device> devices_;
    device_lines names_;
    std::map<std::string, int> secrets_;   // line of each, by fingerprint
    std::map<std::string, int> prefixes_;  // of devices without a password
};

}  // namespace gatehouse::config
