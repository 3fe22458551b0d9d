// The gateway's RSA pairs as a handshake sees them: the public half that package 2 tells, and the
// opening of the block of package 3, which is done elsewhere because it takes most of a millisecond
// (docs/protocols/upss.md, "Session").
#pragma once

#include "base/address.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/result.h"
#include "base/secret.h"
#include "protocol/session.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace gatehouse::upss {

// What RSA carries: 32 bytes in URL-safe base64 with padding. No decoder has looked at them yet.
inline constexpr std::size_t session_key_size = 44;
using session_key_text = secret<session_key_size>;

// Any thread; its members do not change.
struct rsa_pair {
    virtual ~rsa_pair() = default;
    std::string public_pem;      // SubjectPublicKeyInfo, as package 2 says it
    std::string id;              // for logs: never secret
    std::size_t block_size = 0;  // of the modulus, in bytes
};

// An opening under way. The session and the opener share it; the opener touches it on the worker's
// thread only.
struct key_opening {
    session_carrier* waiting = nullptr;  // to be woken; null once the session is gone
    peer_address from{};
    std::optional<result<session_key_text>> answer{};
};

// One a worker, on its thread; outlives the sessions.
class key_opener {
public:
    // For a handshake that begins; an opening names it later, when the current one may be another.
    virtual std::shared_ptr<rsa_pair const> current() = 0;

    // Begins to open `block`, of exactly `with->block_size` bytes; `into->answer` is set later, and
    // `into->waiting` woken. The answer is error::unproven_replayed for a block that was accepted
    // before. A block that is no good is answered with a random key after the same time, so that
    // nobody learns why. Fails at once when the rate or the queue is full.
    virtual result<> open(
        std::shared_ptr<rsa_pair const> with, bytes block, std::shared_ptr<key_opening> into
    ) = 0;

protected:
    ~key_opener() = default;
};

}  // namespace gatehouse::upss
