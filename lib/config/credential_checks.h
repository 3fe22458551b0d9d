// What a protocol has to say of the keys that a listener of it works with.
#pragma once

#include "config/model.h"
#include "config/problem.h"
#include "identity/keyring.h"

#include <memory>
#include <vector>

namespace gatehouse::config {

// Asks the protocol of each listener. `rings` are those of all.credentials, in their order; null
// ones are skipped.
void check_credentials_in_use(
    settings const& all,
    std::vector<std::shared_ptr<identity::keyring const>> const& rings,
    problems& found
);

}  // namespace gatehouse::config
