#include "protocol/usmp/key_schedule.h"

#include "wire/writer.h"

#include <algorithm>

namespace gatehouse::usmp {

namespace {

constexpr std::string_view rekey_label = "usmp-rekey";

// Binds a proof to the frame that carries it, from 0.6 on.
std::array<std::uint8_t, 4> proof_prefix(profile const& how, frame_type carrier) noexcept
{
    return {frame_magic[0], frame_magic[1], how.version, static_cast<std::uint8_t>(carrier)};
}

// Whose proof it is, and in which frame.
struct proof_owner {
    frame_type carrier;
    bytes name;
};

crypto::hmac_tag prove(
    crypto::hmac_sha256& hmac,
    profile const& how,
    bytes psk,
    transcript const& seen,
    proof_owner const& whose
)
{
    auto const prefix = proof_prefix(how, whose.carrier);
    bytes const first = how.transcript_prefix ? bytes{prefix} : bytes{};
    bytes const device_key = how.transcript_keys ? bytes{seen.device_key} : bytes{};
    bytes const gateway_key = how.transcript_keys ? bytes{seen.gateway_key} : bytes{};
    return hmac.compute(psk, {first, seen.nonce, whose.name, device_key, gateway_key});
}

crypto::aead_key first_half(secret<64> const& material) noexcept
{
    return crypto::aead_key::from(material.expose().first<crypto::aead_key_size>());
}

crypto::aead_key second_half(secret<64> const& material) noexcept
{
    return crypto::aead_key::from(material.expose().last<crypto::aead_key_size>());
}

}  // namespace

crypto::hmac_tag device_proof(
    crypto::hmac_sha256& hmac, profile const& how, bytes psk, transcript const& seen
)
{
    return prove(hmac, how, psk, seen, {frame_type::hello_ack, seen.device});
}

crypto::hmac_tag gateway_proof(
    crypto::hmac_sha256& hmac,
    profile const& how,
    bytes psk,
    transcript const& seen,
    wire_session_id const& id
)
{
    return prove(hmac, how, psk, seen, {frame_type::session_ok, id.get()});
}

session_keys derive_keys(
    crypto::hkdf_sha256& hkdf,
    profile const& how,
    std::string_view label,
    crypto::x25519_shared const& shared,
    transcript const& seen
)
{
    std::array<std::uint8_t, 7 + 2 * crypto::x25519_size> info{};
    wire::writer out{info};
    out.put(as_bytes(label)).put(seen.device_key).put(seen.gateway_key);
    auto const whole_info = bytes{info}.first(out.written());

    secret<64> material;
    auto const wanted = material.expose_mutable().first(how.directional_keys ? 64 : 32);
    hkdf.derive(shared.expose(), seen.nonce, whole_info, wanted);
    if (how.directional_keys)
        return {first_half(material), second_half(material)};
    return {first_half(material), first_half(material)};
}

rekeyed derive_rekey(
    crypto::hkdf_sha256& hkdf,
    crypto::aead_key const& initiator_transmit,
    crypto::aead_key const& initiator_receive,
    rekey_salt const& salt,
    wire_session_id const& id
)
{
    secret<64> input;
    wire::writer{input.expose_mutable()}
        .put(initiator_transmit.expose())
        .put(initiator_receive.expose());
    std::array<std::uint8_t, rekey_label.size() + 16> info{};
    wire::writer{info}.put(as_bytes(rekey_label)).put(id.get());

    secret<64> material;
    hkdf.derive(input.expose(), salt, info, material.expose_mutable());
    return {first_half(material), second_half(material)};
}

crypto::aead_nonce frame_nonce(std::uint32_t sequence, wire_session_id const& id) noexcept
{
    crypto::aead_nonce nonce{};
    wire::writer out{nonce};
    out.little(sequence).put(id.get().first(std::min(id.get().size(), std::size_t{8})));
    return nonce;
}

}  // namespace gatehouse::usmp
