// The hello of SPP does not name its key, so that the gateway tries those of all devices that may
// come from its address: how many that can be is checked before the first one comes.
#pragma once

#include "config/model.h"
#include "config/problem.h"
#include "identity/keyring.h"

#include <memory>
#include <vector>

namespace gatehouse::config {

// A problem for each listener with more devices than its `trial_keys` at some address. `rings` are
// those of all.credentials, in their order; null ones are skipped.
void check_trial_keys(
    settings const& all,
    std::vector<std::shared_ptr<identity::keyring const>> const& rings,
    problems& found
);

}  // namespace gatehouse::config
