// A device with its pre-shared keys, as a file or a command describes it.
#pragma once

#include "base/secret.h"
#include "identity/key_window.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace gatehouse::identity {

struct pre_shared_key {
    key_index id = 0;
    key_window window;
    secret_bytes value;
    bool revoked = false;  // listed and counted, never accepted; its value may be gone
};

// What a USMP 0.2/0.3 device expects as its session id (docs/protocols/usmp.md, "0.2 or 0.3").
enum class session_id_length : std::uint8_t { unknown = 0, four = 4, sixteen = 16 };

// Nothing of a device is accepted that is not enabled. The keys of a revoked one count as revoked,
// those of a disabled one do not count.
enum class device_state : std::uint8_t { enabled, disabled, revoked };

// Bytes; a shorter key can be guessed from one recorded handshake, and must be wanted.
inline constexpr std::size_t shortest_psk = 16;

// Bounds on what may stand in a keyring; who reads files or commands refuses more.
inline constexpr std::size_t longest_device_name = 128;
inline constexpr std::size_t most_device_keys = 64;

struct psk_device {
    std::string name;                  // optional, for people
    std::vector<pre_shared_key> keys;  // newest first
    session_id_length legacy_session_id = session_id_length::unknown;
    device_state state = device_state::enabled;
};

}  // namespace gatehouse::identity
