// Every way in which something can fail, as one flat list of values.
//
// The high byte is the class: it alone says who is to blame and how loudly the log speaks. The
// enumerators are public (they appear in log lines), so spelling and meaning are kept like an API.
#pragma once

#include <cstdint>
#include <string_view>

namespace gatehouse {

enum class error : std::uint16_t {
    // Not the protocol: the bytes cannot have come from a working device.
    malformed_magic = 0x0101,
    malformed_length,
    malformed_type,
    malformed_checksum,
    malformed_nonce,
    malformed_public_key,
    malformed_fragments,
    malformed_oversize,
    malformed_record,
    malformed_truncated,
    malformed_reply_flag,
    malformed_request,
    malformed_framing,

    // Well formed, but not proven.
    unproven_device = 0x0201,
    unproven_key,
    unproven_expired_key,
    unproven_frame,
    unproven_replay,
    unproven_sequence,
    unproven_revoked_key,
    unproven_disabled_device,
    unproven_client,
    unproven_anonymous,
    unproven_reused_point,
    unproven_signature,
    unproven_own_key,
    unproven_own_identity,
    unproven_reflection,
    unproven_gateway_key,
    unproven_replayed,
    unproven_hang_up,
    unproven_stale,
    unproven_route,

    // No common ground.
    incompatible_version = 0x0301,
    incompatible_generation,
    incompatible_suite,

    // A bound of ours.
    limit_hello_time = 0x0401,
    limit_handshake_time,
    limit_idle_time,
    limit_session_age,
    limit_frame_time,
    limit_control_frames,
    limit_half_open,
    limit_handshakes,
    limit_handshake_rate,
    limit_sessions,
    limit_sessions_per_address,
    limit_message_size,
    limit_downlink_backlog,
    limit_frame_budget,
    limit_backend_backlog,
    limit_handshakes_per_address,
    limit_reply_time,
    limit_reply_size,
    limit_reply_above_request,
    limit_requests,
    limit_hello_trials,
    limit_gateway_key,
    limit_gateway_key_share,
    limit_agreements,
    limit_device_rate,
    limit_half_records,

    // The backend's side.
    backend_unknown_session = 0x0501,
    backend_unknown_device,
    backend_bad_record,
    backend_too_long,
    backend_ambiguous_device,
    backend_no_request,

    // This machine.
    resource_descriptors = 0x0601,
    resource_memory,
    resource_state_file,

    // "Cannot happen."
    internal_closed = 0x0f01,
    internal_crypto,
};

enum class error_class : std::uint8_t {
    malformed = 0x01,
    unproven = 0x02,
    incompatible = 0x03,
    limit = 0x04,
    backend = 0x05,
    resource = 0x06,
    internal = 0x0f,
};

constexpr error_class class_of(error e) noexcept
{
    return static_cast<error_class>(static_cast<std::uint16_t>(e) >> 8);
}

// What went wrong, for a log line: a few plain words, no device data.
std::string_view describe(error e) noexcept;

}  // namespace gatehouse
