// Whose request it is, and what it asks for.
#pragma once

#include "base/result.h"
#include "protocol/array_crypto/answer.h"
#include "protocol/array_crypto/device_list.h"
#include "protocol/array_crypto/request.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gatehouse::array_crypto {

enum class endpoint : std::uint8_t { snapshot, handshake, health, message };

struct known_request {
    device const* of = nullptr;
    endpoint to = endpoint::snapshot;
};

// An answer that needs no device.
struct refusal {
    status what = status::not_found;
    std::string_view allow;
    std::optional<error> why;  // nothing: a request like many, behind which others may come
    identity::device_id claimed;
};

// The device of a prefix, or the one that HTTP Basic names and proves; then the path behind the
// prefix and the method. Refusals with a reason: unproven_device; unproven_key, of the password;
// as judge_key.
struct routed {
    std::optional<known_request> found;
    refusal refused;
};
routed find_route(device_list const& devices, request_head const& head, wall_time now);

}  // namespace gatehouse::array_crypto
