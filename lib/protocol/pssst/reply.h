// The one reply that a request may have (docs/protocols/pssst.md, "Replies").
#pragma once

#include "base/result.h"
#include "crypto/aead.h"
#include "protocol/pssst/key_schedule.h"

namespace gatehouse::pssst {

// Seals once: the key is gone afterwards. A value that may be moved, not copied; on any thread.
class reply_sealer {
public:
    reply_sealer(packet_keys&& keys, packet_head const& request) noexcept;

    static constexpr std::size_t size_of(bytes message) noexcept
    {
        return overhead + message.size();
    }

    // Writes the reply into `packet`, which has its size. error::internal_closed when there was
    // one.
    result<> seal(crypto::aead& aes_128, bytes message, mutable_bytes packet);

    client_kind to() const noexcept { return to_; }
    bool used() const noexcept { return used_; }

private:
    crypto::aes_128_key key_;
    crypto::aead_nonce nonce_;
    dh_value dh_;
    client_kind to_;
    bool used_ = false;
};

}  // namespace gatehouse::pssst
