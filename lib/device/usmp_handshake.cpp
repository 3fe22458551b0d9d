#include "device/usmp_handshake.h"

#include "crypto/equal.h"

namespace gatehouse::device {

result<usmp_challenged> take_challenge(
    usmp_environment& env,
    usmp_settings const& settings,
    crypto::x25519_key_pair const& ephemeral,
    bytes payload
)
{
    auto const message = usmp::challenge::parse(payload);
    if (!message)
        return message.error();
    usmp::transcript const seen{
        .nonce = message->nonce,
        .device = settings.id,
        .device_key = ephemeral.public_key,
        .gateway_key = message->public_key,
    };
    auto const shared =
        crypto::x25519_agree(ephemeral.private_key, ephemeral.public_key, seen.gateway_key);
    if (!shared)
        return shared.error();
    auto const& how = *settings.release.how;
    return usmp_challenged{
        seen, usmp::derive_keys(env.crypto.hkdf, how, settings.label, *shared, seen)};
}

usmp::hello_ack make_hello_ack(
    usmp_environment& env, usmp_settings const& settings, usmp_challenged const& state
)
{
    auto const& how = *settings.release.how;
    return {usmp::device_proof(env.crypto.hmac, how, settings.psk, state.seen)};
}

result<usmp::wire_session_id> take_session_ok(
    usmp_environment& env,
    usmp_settings const& settings,
    usmp_challenged const& state,
    bytes payload
)
{
    auto const& how = *settings.release.how;
    auto const message = usmp::session_ok::parse(payload, how.session_id_size);
    if (!message)
        return message.error();
    auto const expected =
        usmp::gateway_proof(env.crypto.hmac, how, settings.psk, state.seen, message->id);
    if (!crypto::equal(expected, message->proof))
        return error::unproven_key;
    return message->id;
}

}  // namespace gatehouse::device
