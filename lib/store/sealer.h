// Seals secrets for the disk: AES-256-GCM under the seal key, bound to their place.
//
// A sealed value is nonce (12 bytes, random), ciphertext, tag (16 bytes). What is sealed for one
// place does not open in another, so rows cannot be swapped (docs/decisions/0013).
#pragma once

#include "base/bytes.h"
#include "base/secret.h"
#include "crypto/aead.h"
#include "crypto/random.h"
#include "identity/device_id.h"
#include "store/limits.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace gatehouse::store {

// Where a secret belongs.
struct key_slot {
    identity::device_id const& device;
    std::string_view key_id;
};

class sealer {
public:
    // `random` outlives the sealer.
    sealer(crypto::aead_key key, crypto::random_source& random);

    // A secret of 1 to longest_secret bytes.
    std::vector<std::uint8_t> seal(bytes secret, key_slot const& slot);

    // Nothing when it was sealed under another key or for another place, or was changed.
    std::optional<secret_bytes> open(bytes sealed, key_slot const& slot);

    // A value that tells whether a seal key is the right one.
    std::vector<std::uint8_t> seal_check();
    [[nodiscard]] bool opens_check(bytes sealed);

private:
    void bind_to(key_slot const& slot);
    std::vector<std::uint8_t> seal_bound(bytes text);
    // The opened bytes at the start of scratch_, which the caller wipes.
    std::optional<bytes> open_bound(bytes sealed);

    crypto::aead_key key_;
    crypto::random_source& random_;
    crypto::aead cipher_{crypto::aead_algorithm::aes_256_gcm};
    std::vector<std::uint8_t> additional_;
    secret<longest_secret> scratch_;
};

}  // namespace gatehouse::store
