// Credential files of Array-Crypto: a secret for each device, and by what its requests are known.
#pragma once

#include "config/credential_kind.h"

namespace gatehouse {

config::credential_kind const& array_crypto_credentials();

}  // namespace gatehouse
