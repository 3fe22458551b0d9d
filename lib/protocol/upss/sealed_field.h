// A sealed field: a Fernet token in a second base64 (docs/protocols/upss.md, "Sealed fields").
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/aes_cbc.h"
#include "crypto/hmac.h"
#include "crypto/workbench.h"
#include "protocol/upss/options.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace gatehouse::upss {

// The two halves of a session's key.
struct field_key {
    crypto::aes_128_key sign;
    crypto::aes_128_key encrypt;
};

// From what RSA carried, which is overwritten. Nothing when it is no such key.
std::optional<field_key> read_field_key(mutable_bytes text, base64_reading how);

// All bytes are the same: no device drew it at random.
bool is_weak(field_key const& key) noexcept;

struct opened_field {
    mutable_bytes text;         // where the field was
    std::uint64_t seconds = 0;  // since 1970, by the device's clock
    crypto::cbc_iv iv{};
    crypto::hmac_tag mac{};
};

// Opens a field where it is, and overwrites it. Errors: malformed_truncated, malformed_record (not
// base64, or not the version), unproven_frame.
result<opened_field> open_field(
    crypto::workbench& tools, field_key const& key, mutable_bytes field, base64_reading how
);

// Of a text of so many bytes.
std::size_t sealed_size(std::size_t text) noexcept;

struct field_stamp {
    std::uint64_t seconds = 0;
    crypto::cbc_iv iv{};
};

// `out` has sealed_size(text.size()) bytes.
void seal_field(
    crypto::workbench& tools,
    field_key const& key,
    field_stamp const& stamp,
    bytes text,
    mutable_bytes out
);

}  // namespace gatehouse::upss
