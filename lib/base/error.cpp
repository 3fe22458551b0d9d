#include "base/error.h"

#include "base/result.h"

#include <stdexcept>
#include <string>

namespace gatehouse {

// NOLINTNEXTLINE(readability-function-size): a table
std::string_view describe(error e) noexcept
{
    switch (e) {
    case error::malformed_magic:
        return "not a frame of this protocol";
    case error::malformed_length:
        return "wrong length for its type";
    case error::malformed_type:
        return "frame type not allowed here";
    case error::malformed_checksum:
        return "wrong checksum";
    case error::malformed_nonce:
        return "nonce does not match the frame";
    case error::malformed_public_key:
        return "unusable public key";
    case error::malformed_fragments:
        return "fragments out of order or too many";
    case error::malformed_oversize:
        return "longer than the protocol allows";
    case error::malformed_record:
        return "not a valid record";
    case error::malformed_truncated:
        return "too short for its fixed fields";
    case error::malformed_reply_flag:
        return "a reply where a request belongs";
    case error::malformed_request:
        return "not a request of HTTP";
    case error::malformed_framing:
        return "request whose end can be understood in two ways";
    case error::unproven_device:
        return "device is not enrolled";
    case error::unproven_key:
        return "wrong key";
    case error::unproven_expired_key:
        return "key is outside its validity window";
    case error::unproven_frame:
        return "frame does not authenticate";
    case error::unproven_replay:
        return "frame was seen before";
    case error::unproven_sequence:
        return "frame out of sequence";
    case error::unproven_revoked_key:
        return "key is revoked";
    case error::unproven_disabled_device:
        return "device is disabled";
    case error::unproven_client:
        return "sender does not prove its client key";
    case error::unproven_anonymous:
        return "requests without a client key are not admitted";
    case error::unproven_reused_point:
        return "another request came under the same DH value";
    case error::unproven_signature:
        return "hello is signed by no device that may come from there";
    case error::unproven_own_key:
        return "gateway's own ephemeral key came back";
    case error::unproven_own_identity:
        return "device has the gateway's own key";
    case error::unproven_reflection:
        return "gateway's own record came back";
    case error::unproven_gateway_key:
        return "device expects another key of the gateway";
    case error::unproven_replayed:
        return "request was accepted before";
    case error::unproven_hang_up:
        return "device closed the connection before it proved itself";
    case error::unproven_stale:
        return "message is older or newer than it may be";
    case error::unproven_route:
        return "route is not listed";
    case error::incompatible_version:
        return "wire version is not admitted";
    case error::incompatible_generation:
        return "generation is not admitted";
    case error::incompatible_suite:
        return "cipher suite is not supported";
    case error::limit_hello_time:
        return "no complete hello in time";
    case error::limit_handshake_time:
        return "handshake not finished in time";
    case error::limit_idle_time:
        return "idle for too long";
    case error::limit_session_age:
        return "session reached its age limit";
    case error::limit_frame_time:
        return "frame not completed in time";
    case error::limit_control_frames:
        return "too many control frames";
    case error::limit_half_open:
        return "too many half-open connections";
    case error::limit_handshakes:
        return "too many handshakes at once";
    case error::limit_handshake_rate:
        return "too many handshakes per second";
    case error::limit_sessions:
        return "too many sessions";
    case error::limit_sessions_per_address:
        return "too many sessions of this address";
    case error::limit_message_size:
        return "message too large for the session";
    case error::limit_downlink_backlog:
        return "device does not read fast enough";
    case error::limit_frame_budget:
        return "session used up its frames";
    case error::limit_backend_backlog:
        return "too much is waiting for the backend";
    case error::limit_handshakes_per_address:
        return "too many handshakes of this address at once";
    case error::limit_reply_time:
        return "no reply of the backend in time";
    case error::limit_reply_size:
        return "reply is larger than max_reply";
    case error::limit_reply_above_request:
        return "reply is larger than its anonymous request";
    case error::limit_requests:
        return "too many requests under way";
    case error::limit_hello_trials:
        return "too many hellos of strangers to find out whose they are";
    case error::limit_gateway_key:
        return "gateway key has accepted as many requests as it may";
    case error::limit_gateway_key_share:
        return "device has used most of what the gateway key may accept";
    case error::limit_agreements:
        return "too many packets that prove nothing";
    case error::limit_device_rate:
        return "device says more than it may";
    case error::limit_half_records:
        return "too much was kept of unfinished frames";
    case error::backend_unknown_session:
        return "unknown session";
    case error::backend_unknown_device:
        return "unknown device";
    case error::backend_bad_record:
        return "bad record";
    case error::backend_too_long:
        return "record too long";
    case error::backend_ambiguous_device:
        return "device has several requests under way: name the session";
    case error::backend_no_request:
        return "no message of the device waits for an answer";
    case error::resource_descriptors:
        return "out of file descriptors";
    case error::resource_memory:
        return "out of memory";
    case error::resource_state_file:
        return "file in the state directory cannot be written";
    case error::internal_closed:
        return "session is closed";
    case error::internal_crypto:
        return "cryptographic library failed";
    }
    return "unknown error";
}

void throw_exception_from_error(error const& e, boost::source_location const&)
{
    throw std::logic_error{"unchecked result: " + std::string{describe(e)}};
}

}  // namespace gatehouse
