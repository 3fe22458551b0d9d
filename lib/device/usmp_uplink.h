// The sending direction of a device's established session: seals messages, control frames and
// REKEY under the current key (docs/protocols/usmp.md, "Session frames", "REKEY").
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "device/usmp_environment.h"
#include "protocol/output.h"
#include "protocol/usmp/frame_cipher.h"
#include "protocol/usmp/key_schedule.h"

namespace gatehouse::device {

class usmp_uplink {
public:
    usmp_uplink(
        usmp_release const& release,
        crypto::aead_algorithm cipher,
        crypto::aead_key&& key,
        usmp::wire_session_id const& id
    );

    // One message, in as many frames as it needs. error::limit_message_size when it cannot fit;
    // error::limit_frame_budget when the sequence numbers are used up.
    result<> send(usmp_environment& env, bytes message, wire_buffer& out);

    // PING, PONG or BYE.
    result<> send_control(usmp_environment& env, usmp::frame_type type, wire_buffer& out);

    // Seals a REKEY and returns the keys that follow it, for the device (the initiator) and for
    // the gateway. error::malformed_type when the release knows no REKEY.
    result<usmp::rekeyed> start_rekey(
        usmp_environment& env, crypto::aead_key const& downlink, wire_buffer& out
    );

    // The keys that follow the gateway's REKEY. Errors: malformed_type, malformed_length.
    result<usmp::rekeyed> follow_rekey(
        usmp_environment& env, crypto::aead_key const& downlink, bytes salt
    ) const;

    // From the next frame on; sequence numbers start again.
    void change_key(crypto::aead_key&& key) noexcept;

    usmp::frame_context context(usmp_environment& env) const noexcept;
    usmp_release const& release() const noexcept { return release_; }
    usmp::wire_session_id const& id() const noexcept { return id_; }
    crypto::aead_key const& key() const noexcept { return transmit_.key; }

private:
    void seal(usmp_environment& env, usmp::frame_type type, bytes plaintext, wire_buffer& out);

    usmp_release release_;
    usmp::direction transmit_;
    usmp::wire_session_id id_;
    crypto::aead_algorithm cipher_;
};

}  // namespace gatehouse::device
