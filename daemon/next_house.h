// From one state of the house to the next: what a reload changes, what it leaves alone, and what it
// may not change.
#pragma once

#include "config/problem.h"
#include "load_house.h"
#include "net/shared_house.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace gatehouse {

struct next_house {
    std::shared_ptr<shared_house> house;  // null when something may not change
    std::vector<std::size_t> unbound;     // places of listeners that need sockets
    std::vector<std::string> changes;     // one a line, for people
    config::problems refused;
    bool of_files = false;  // and not of an operator's command
};

// `now` is null for the first state. `loaded` has settings. `file` is named in what is refused.
// Ledgers and cells of what stays are shared with `now`, whose limits do not change before
// `apply_limits`.
next_house make_next_house(
    std::shared_ptr<shared_house const> const& now, loaded_house&& loaded, std::string const& file
);

// The new limits of all listeners, once the house is in force.
void apply_limits(shared_house const& house);

}  // namespace gatehouse
