// The sections of the configuration file, one reader each, and the check of what they say together.
#pragma once

#include "config/complaints.h"
#include "config/host_names.h"
#include "config/model.h"
#include "config/protocol_type.h"
#include "config/yaml_map.h"

#include <string_view>
#include <vector>

namespace gatehouse::config {

// Where a listener's values stand: for the complaints that only the whole file allows.
struct listener_positions {
    position name;
    position bind;
    position credentials;
    position backend;
};

// Settings in the making.
struct draft {
    host_names const& names;
    protocol_list const& protocols;
    complaints& warnings;
    settings made = {};
    std::vector<listener_positions> positions = {};  // of made.listeners, in the same order
    bool has_credentials = false;                    // the file has this section
    bool has_backends = false;
};

void read_listeners(yaml_map& top, draft& into);
void read_credential_sets(yaml_map& top, draft& into);
void read_backends(yaml_map& top, draft& into);

void read_workers(yaml_map& top, settings& into);
void read_node(yaml_map& top, settings& into);
void read_metrics(yaml_map& top, draft& into);
void read_admin(yaml_map& top, settings& into);
void read_log(yaml_map& top, settings& into);
void read_state_directory(yaml_map& top, settings& into);

// Names that must exist or be unique, addresses that cannot be bound twice, credentials that cannot
// serve two kinds of protocols.
void check_together(draft const& all, complaints& report);

}  // namespace gatehouse::config
