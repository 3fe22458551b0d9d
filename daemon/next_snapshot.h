// From one snapshot to the next: what a reload changes, what it leaves alone, and what it
// may not change.
#pragma once

#include "config/problem.h"
#include "load_snapshot.h"
#include "net/shared_snapshot.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace gatehouse {

struct next_snapshot {
    std::shared_ptr<shared_snapshot> snapshot;  // null when something may not change
    std::vector<std::size_t> unbound;           // slots of listeners that need sockets
    std::vector<std::string> changes;           // one a line, for people
    config::problems refused;
    bool of_files = false;  // and not of an operator's command
};

// `now` is null for the first one. `loaded` has settings. `file` is named in what is refused.
// Ledgers and cells of what stays are shared with `now`, whose limits do not change before
// `apply_limits`.
next_snapshot make_next_snapshot(
    std::shared_ptr<shared_snapshot const> const& now,
    loaded_snapshot&& loaded,
    std::string const& file
);

// The new limits of all listeners, once the snapshot is in force.
void apply_limits(shared_snapshot const& snapshot);

}  // namespace gatehouse
