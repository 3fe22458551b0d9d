// Credential files of pre-shared keys: devices by their id, and fleets whose keys come from a
// master.
#pragma once

#include "config/credential_kind.h"

namespace gatehouse {

config::credential_kind const& psk_credentials();

}  // namespace gatehouse
