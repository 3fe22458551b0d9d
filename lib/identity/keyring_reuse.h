// Of a keyring that was read anew, what is the same in the one in force stays one object.
//
// A reload reads a whole file or store, of which mostly nothing changed. Shared parts tell a review
// of live sessions at a glance that a device's keys are what they were (keyring::surely_agrees),
// and take their memory once. For the thread that reads, never a worker's: it looks at every
// device.
#pragma once

#include "identity/keyring.h"

#include <memory>

namespace gatehouse::identity {

// `before` itself when both say the same; `before` with a few changes when few devices differ; else
// `read`. `read` went on with the key ids of `before`; neither is null.
std::shared_ptr<keyring const> reuse(
    std::shared_ptr<keyring const> const& before, std::shared_ptr<keyring const> read
);

}  // namespace gatehouse::identity
