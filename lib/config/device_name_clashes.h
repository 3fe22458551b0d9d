// Backends and records name devices of keyed protocols by what their set calls them: one name in
// two sets would be two devices under one address.
#pragma once

#include "config/model.h"
#include "config/problem.h"
#include "identity/keyring.h"

#include <memory>
#include <vector>

namespace gatehouse::config {

// A warning for each name that stands in two keyed sets whose listeners have a backend in common.
// `rings` are those of all.credentials, in their order; null ones are skipped.
void warn_about_device_names(
    settings const& all,
    std::vector<std::shared_ptr<identity::keyring const>> const& rings,
    problems& warnings
);

}  // namespace gatehouse::config
