#include "metrics/labels.h"

namespace gatehouse::metrics {

handshake_result result_of(error e) noexcept
{
    switch (e) {
    case error::unproven_device:
        return handshake_result::unknown_device;
    case error::limit_hello_time:
    case error::limit_handshake_time:
        return handshake_result::timeout;
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

std::optional<rejection> rejection_of(error e) noexcept
{
    switch (e) {
    case error::unproven_replay:
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
