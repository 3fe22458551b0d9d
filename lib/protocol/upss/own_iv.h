// Initialisation vectors that tell the gateway that a field is one of its own: a field that comes
// back is no message of the device (docs/protocols/upss.md, "What the gateway refuses").
#pragma once

#include "base/secret.h"
#include "crypto/aes_cbc.h"
#include "crypto/equal.h"
#include "crypto/hmac.h"
#include "crypto/random.h"

#include <algorithm>
#include <cstddef>

namespace gatehouse::upss {

// Half of it is drawn, the other half follows from that under a key that nobody else has: so it
// cannot be foreseen, and who made it need not be remembered.
inline constexpr std::size_t drawn_size = crypto::cbc_block_size / 2;

inline void mark_iv(crypto::hmac_sha256& hmac, secret<32> const& mark, crypto::cbc_iv& iv)
{
    auto const tag = hmac.compute(mark.expose(), {bytes{iv}.first(drawn_size)});
    std::copy_n(tag.begin(), drawn_size, iv.begin() + drawn_size);
}

inline crypto::cbc_iv make_own_iv(
    crypto::hmac_sha256& hmac, secret<32> const& mark, crypto::random_source& random
)
{
    crypto::cbc_iv made{};
    random.fill(mutable_bytes{made}.first(drawn_size));
    mark_iv(hmac, mark, made);
    return made;
}

inline bool is_own_iv(crypto::hmac_sha256& hmac, secret<32> const& mark, crypto::cbc_iv const& iv)
{
    auto expected = iv;
    mark_iv(hmac, mark, expected);
    return crypto::equal(expected, iv);
}

}  // namespace gatehouse::upss
