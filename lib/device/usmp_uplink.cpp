#include "device/usmp_uplink.h"

#include "device/usmp_drawn_nonce.h"
#include "protocol/usmp/limits.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace gatehouse::device {

using usmp::frame_type;

usmp_uplink::usmp_uplink(
    usmp_release const& release,
    crypto::aead_algorithm cipher,
    crypto::aead_key&& key,
    usmp::wire_session_id const& id
)
    : release_{release}
    , transmit_{std::move(key), 0}
    , id_{id}
    , cipher_{cipher}
{
}

usmp::frame_context usmp_uplink::context(usmp_environment& env) const noexcept
{
    return {*release_.how, id_, env.crypto.cipher(cipher_)};
}

void usmp_uplink::seal(usmp_environment& env, frame_type type, bytes plaintext, wire_buffer& out)
{
    if (release_.how->nonce == usmp::nonce_rule::carried)
        seal_with_drawn_nonce(context(env), env.random, {type, transmit_, plaintext}, out);
    else
        usmp::seal_frame(context(env), type, transmit_, plaintext, out);
}

result<> usmp_uplink::send(usmp_environment& env, bytes message, wire_buffer& out)
{
    auto const& how = *release_.how;
    if (message.size() > how.message_limit())
        return error::limit_message_size;
    if (transmit_.next >= usmp::limits::last_sequence)
        return error::limit_frame_budget;
    while (message.size() > how.max_plaintext) {
        seal(env, frame_type::data_frag, message.first(how.max_plaintext), out);
        message = message.subspan(how.max_plaintext);
    }
    seal(env, frame_type::data, message, out);
    return {};
}

result<> usmp_uplink::send_control(usmp_environment& env, frame_type type, wire_buffer& out)
{
    if (transmit_.next == usmp::forbidden_sequence)
        return error::limit_frame_budget;
    seal(env, type, {}, out);
    return {};
}

result<usmp::rekeyed> usmp_uplink::start_rekey(
    usmp_environment& env, crypto::aead_key const& downlink, wire_buffer& out
)
{
    if (!release_.can_rekey)
        return error::malformed_type;
    if (transmit_.next == usmp::forbidden_sequence)
        return error::limit_frame_budget;
    usmp::rekey_salt salt{};
    env.random.fill(salt);
    auto keys = usmp::derive_rekey(env.crypto.hkdf, transmit_.key, downlink, salt, id_);
    seal(env, frame_type::rekey, salt, out);
    return keys;
}

result<usmp::rekeyed> usmp_uplink::follow_rekey(
    usmp_environment& env, crypto::aead_key const& downlink, bytes salt
) const
{
    if (!release_.can_rekey)
        return error::malformed_type;
    if (salt.size() != std::tuple_size_v<usmp::rekey_salt>)
        return error::malformed_length;
    usmp::rekey_salt drawn{};
    std::copy(salt.begin(), salt.end(), drawn.begin());
    return usmp::derive_rekey(env.crypto.hkdf, downlink, transmit_.key, drawn, id_);
}

void usmp_uplink::change_key(crypto::aead_key&& key) noexcept
{
    transmit_ = {std::move(key), 0};
}

}  // namespace gatehouse::device
