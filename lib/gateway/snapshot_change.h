// What live sessions have to know of a reload, to tell whether it concerns them.
#pragma once

#include "identity/keyring.h"

#include <memory>
#include <vector>

namespace gatehouse {

struct snapshot_change {
    // By slot of their set: what was in force until now.
    std::vector<std::shared_ptr<identity::keyring const>> keyrings_before;
    bool listeners_changed = false;  // timeouts, or a listener is gone
};

}  // namespace gatehouse
