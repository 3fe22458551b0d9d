// From the configuration file and the credentials to all that the next snapshot is made
// of, or to every problem found.
#pragma once

#include "config/model.h"
#include "config/problem.h"
#include "config/secret_text.h"
#include "modules/registry.h"
#include "net/protocol_module.h"
#include "net/shared_snapshot.h"
#include "owed_changes.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gatehouse {

struct loaded_snapshot {
    std::optional<config::settings> settings;  // nothing when there was a problem
    std::vector<std::shared_ptr<identity::keyring const>> keyrings;  // as settings->credentials
    protocol_module::key_uses key_uses;  // likewise; empty: those that are in force
    // That credentials were read from, even when they are broken: of each set, unless it was kept
    // as it was.
    std::vector<std::vector<std::string>> files;
    bool of_files = false;  // read from files: `files` are all that there are
    std::vector<config::key_file_note> key_files;  // those of them that hold a key; each path once
    config::problems problems;
    config::problems warnings;
};

// Managed stores that are not there: made where the snapshot has no set of that name yet, so that a
// path which is mistyped later is no empty fleet.
enum class missing_stores : std::uint8_t {
    are_made_when_new,
    are_fine_when_they_can_be_made,  // for `--check`, which makes nothing
    are_problems,
};

// Reads everything; binds nothing. Any thread. `before` are the credential sets of the present
// snapshot, whose key indexes go on to be valid.
loaded_snapshot load_snapshot(
    std::string const& config_file,
    protocol_registry const& protocols,
    std::vector<credential_slot> const& before,
    missing_stores missing = missing_stores::are_made_when_new
);

// What is read of a snapshot, with what its protocols keep of its gateway keys; or what would come
// of that. The snapshot is not to be used when there is a problem.
void open_key_uses(
    protocol_registry const& protocols, std::string const& config_file, loaded_snapshot& of
);
void check_key_uses(
    protocol_registry const& protocols, std::string const& config_file, loaded_snapshot& of
);

// The same under the settings that are in force: the configuration file is not looked at. Sets of
// which a file is `unfinished`, or is being written while it is read, stay as they are: whoever
// watches the file asks again when it is whole.
loaded_snapshot load_credentials_again(
    config::settings const& settings,
    protocol_registry const& protocols,
    std::vector<credential_slot> const& before,
    std::set<std::string> const& unfinished
);

// What is in force of stores and was perhaps not on the disk when they were read.
void put_in_force(loaded_snapshot& loaded, std::vector<owed_change> const& owed);

}  // namespace gatehouse
