// Reads the `derived:` of a credential file: the masters of fleets without a list.
#pragma once

#include "config/complaints.h"
#include "config/secret_text.h"
#include "config/yaml_map.h"
#include "identity/key_names.h"
#include "identity/master_key.h"

#include <cstddef>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gatehouse::config {

// Holds references to all its arguments.
class derived_reader {
public:
    derived_reader(complaints& report, secret_files& files, identity::key_names& names)
        : report_{report}
        , files_{files}
        , names_{names}
    {
    }

    void read(yaml_node masters);

    std::vector<identity::master_key> take() { return std::move(masters_); }

private:
    void read_master(yaml_node node);
    std::optional<identity::key_index> read_id(yaml_map& master);
    std::optional<identity::derived_key> read_secret(yaml_map& master);
    std::optional<identity::device_prefix> read_devices(yaml_map& master);
    void count_generations(identity::device_prefix const& devices, position where);

    complaints& report_;
    secret_files& files_;
    identity::key_names& names_;
    std::vector<identity::master_key> masters_;
    std::vector<std::size_t> generations_;  // by master: how many cover all of its devices
    std::unordered_map<identity::key_index, int> lines_;
};

}  // namespace gatehouse::config
