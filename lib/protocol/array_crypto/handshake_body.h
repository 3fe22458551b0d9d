// The body of POST /handshake: {"hash":"<hex>"}, which proves nothing and is not kept. The
// reference accepts more than stock clients send; this is strict.
#pragma once

#include "base/bytes.h"
#include "protocol/array_crypto/profile.h"

#include <cstdint>

namespace gatehouse::array_crypto {

enum class handshake_verdict : std::uint8_t {
    good,
    no_hash,     // no JSON object with a text of that name
    bad_format,  // not of the profile's length, or too long to look at
    bad_hex,
};

handshake_verdict judge_handshake(profile by, bytes body);

}  // namespace gatehouse::array_crypto
