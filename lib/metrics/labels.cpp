#include "metrics/labels.h"

namespace gatehouse::metrics {

handshake_result result_of(error e) noexcept
{
    switch (e) {
    case error::unproven_device:
    case error::unproven_signature:
        return handshake_result::unknown_device;
    case error::limit_hello_time:
    case error::limit_handshake_time:
        return handshake_result::timeout;
    case error::unproven_hang_up:
        return handshake_result::aborted;
    default:
        break;
    }
    switch (class_of(e)) {
    case error_class::malformed:
        return handshake_result::malformed;
    case error_class::unproven:
        return handshake_result::auth_failed;
    case error_class::incompatible:
        return handshake_result::unsupported;
    case error_class::limit:
    case error_class::backend:
    case error_class::resource:
    case error_class::internal:
        break;
    }
    return handshake_result::limited;
}

request_result request_result_of(error e) noexcept
{
    switch (e) {
    case error::malformed_oversize:
        return request_result::oversize;
    case error::malformed_truncated:
        return request_result::truncated;
    case error::incompatible_suite:
        return request_result::unsupported_cipher;
    case error::malformed_reply_flag:
        return request_result::not_request;
    case error::malformed_public_key:
        return request_result::invalid_point;
    case error::unproven_frame:
        return request_result::decrypt_failed;
    case error::unproven_client:
        return request_result::client_auth_failed;
    case error::unproven_device:
        return request_result::unknown_device;
    case error::unproven_anonymous:
        return request_result::anonymous;
    case error::unproven_reused_point:
        return request_result::reused_dh;
    case error::unproven_replayed:
        return request_result::repeated_unanswered;
    case error::limit_backend_backlog:
        return request_result::backend;
    default:
        break;
    }
    return class_of(e) == error_class::unproven ? request_result::key_not_accepted
                                                : request_result::limited;
}

std::optional<limit> limit_of(error e) noexcept
{
    switch (e) {
    case error::limit_half_open:
        return limit::half_open;
    case error::limit_handshakes:
        return limit::handshakes;
    case error::limit_handshakes_per_address:
        return limit::handshakes_per_address;
    case error::limit_handshake_rate:
        return limit::handshakes_per_second;
    case error::limit_hello_trials:
        return limit::hello_trials;
    case error::limit_sessions:
        return limit::sessions;
    case error::limit_sessions_per_address:
        return limit::sessions_per_address;
    case error::limit_requests:
        return limit::requests;
    case error::limit_agreements:
        return limit::agreements;
    case error::limit_gateway_key:
    case error::limit_gateway_key_share:
        return limit::gateway_key;
    case error::limit_device_rate:
        return limit::device_rate;
    case error::limit_half_records:
        return limit::half_records;
    case error::limit_backend_backlog:
        return limit::backend;
    case error::resource_descriptors:
        return limit::descriptors;
    default:
        return std::nullopt;
    }
}

std::optional<rejection> rejection_of(error e) noexcept
{
    switch (e) {
    case error::unproven_replay:
    case error::unproven_reflection:
    case error::unproven_stale:
        return rejection::replay;
    case error::unproven_sequence:
        return rejection::sequence;
    case error::unproven_frame:
        return rejection::decrypt;
    case error::malformed_oversize:
        return rejection::oversize;
    case error::limit_control_frames:
        return rejection::flood;
    case error::limit_frame_time:
        return rejection::malformed;
    default:
        break;
    }
    if (class_of(e) == error_class::malformed)
        return rejection::malformed;
    return std::nullopt;
}

}  // namespace gatehouse::metrics
