#include "protocol/pssst/key_schedule.h"

#include "base/secret.h"
#include "wire/writer.h"

#include <string_view>

namespace gatehouse::pssst {

namespace {

constexpr std::size_t nonce_part = 8;  // of the digest, in front of a label

crypto::aead_nonce nonce_of(bytes derived, std::string_view label) noexcept
{
    crypto::aead_nonce made{};
    wire::writer{made}.put(derived).put(as_bytes(label));
    return made;
}

}  // namespace

packet_keys derive(crypto::sha256& hash, dh_value const& dh, crypto::x25519_shared const& shared)
{
    secret<crypto::sha256_size> digest;
    hash.compute({dh, shared.expose()}, digest.expose_mutable());
    auto const derived = digest.expose();
    packet_keys made;
    made.key = crypto::aes_128_key::from(derived.first<crypto::aes_128_key_size>());
    made.request = nonce_of(derived.subspan<crypto::aes_128_key_size, nonce_part>(), "RQST");
    made.reply = nonce_of(derived.last<nonce_part>(), "RPLY");
    return made;
}

}  // namespace gatehouse::pssst
