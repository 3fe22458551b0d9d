// The device's end of an established USMP session over a stream (docs/protocols/usmp.md, "Session
// frames", "REKEY").
//
// As strict as the devices themselves: every frame must be the next one, under the current keys. A
// frame of the gateway that was on its way while the device sent REKEY therefore ends the session,
// as it does on a real device.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "device/usmp_environment.h"
#include "device/usmp_uplink.h"
#include "protocol/output.h"
#include "protocol/usmp/control_budget.h"
#include "protocol/usmp/frame_cipher.h"
#include "protocol/usmp/key_schedule.h"
#include "protocol/usmp/reassembly.h"

#include <cstdint>

namespace gatehouse::device {

class usmp_channel {
public:
    usmp_channel(
        usmp_release const& release,
        crypto::aead_algorithm cipher,
        usmp::session_keys&& keys,
        usmp::wire_session_id const& id
    );

    // One whole frame of the gateway, whose checksum and version are right already.
    result<> receive(
        usmp_environment& env,
        time_point now,
        usmp::frame_header const& header,
        mutable_bytes frame,
        output& out
    );

    // One message, in as many frames as it needs. error::limit_message_size when it cannot fit;
    // error::limit_frame_budget when the sequence numbers are used up.
    result<> send(usmp_environment& env, bytes message, output& out);

    // PING or BYE.
    result<> send_control(usmp_environment& env, usmp::frame_type type, output& out);

    // error::malformed_type when the release knows no REKEY.
    result<> rekey(usmp_environment& env, output& out);

    usmp::wire_session_id const& id() const noexcept { return up_.id(); }
    bool goodbye() const noexcept { return goodbye_; }
    std::uint32_t pongs() const noexcept { return pongs_; }
    std::uint32_t rekeys() const noexcept { return rekeys_; }

private:
    result<> take_control(
        usmp_environment& env, time_point now, usmp::frame_type type, bytes text, output& out
    );
    result<> take_rekey(usmp_environment& env, bytes salt);
    void change_keys(crypto::aead_key&& up, crypto::aead_key&& down) noexcept;

    usmp_uplink up_;
    usmp::direction receive_;
    usmp::reassembly message_;
    // 1.1 on; older releases count in other ways that no gateway should come near either.
    usmp::control_budget control_;
    std::uint32_t pongs_ = 0;
    std::uint32_t rekeys_ = 0;
    bool goodbye_ = false;
};

}  // namespace gatehouse::device
