// From the shared secret to the key of the records (docs/protocols/spp.md, "Keys").
#pragma once

#include "crypto/aead.h"
#include "crypto/workbench.h"
#include "crypto/x25519.h"
#include "protocol/spp/generation.h"

namespace gatehouse::spp {

// One key for both directions.
crypto::aead_key derive_key(
    crypto::workbench& crypto, generation which, crypto::x25519_shared const& shared
);

}  // namespace gatehouse::spp
