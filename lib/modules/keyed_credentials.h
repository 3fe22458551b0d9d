// Credential files of keyed protocols: the gateway's own keys, and devices by public key.
#pragma once

#include "config/credential_kind.h"

namespace gatehouse {

config::credential_kind const& ed25519_credentials();
config::credential_kind const& x25519_credentials();

}  // namespace gatehouse
