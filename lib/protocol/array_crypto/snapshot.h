// What GET /snapshot answers (docs/protocols/array-crypto.md, "Snapshots"): a pair and the time,
// with a signature that tells the device that the gateway has its secret. It protects nothing else.
#pragma once

#include "base/bytes.h"
#include "base/time.h"
#include "crypto/hmac.h"
#include "protocol/array_crypto/profile.h"
#include "protocol/array_crypto/short_text.h"

#include <array>
#include <cstddef>

namespace gatehouse::array_crypto {

struct snapshot {
    pair of;
    wall_time when{};
};

// Base64, of which stock clients compare the text.
inline constexpr std::size_t signature_size = 44;
using signature = std::array<char, signature_size>;

signature sign(crypto::hmac_sha256& hmac, bytes secret, snapshot const& what);

// {"tick":T,"seed":S,"timestamp":N,"signature":"..."}
using snapshot_text = short_text<192>;
snapshot_text write(snapshot const& what, signature const& signed_as);

}  // namespace gatehouse::array_crypto
