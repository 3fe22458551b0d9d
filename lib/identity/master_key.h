// A fleet without a list: the keys of its devices come from one master key.
//
// PSK = HKDF-SHA256(master, salt "gatehouse psk v1", info = device id, 32 bytes). Only the
// extracted half is kept: 32 bytes whatever the length of the master, so that each derivation costs
// the same.
#pragma once

#include "base/bytes.h"
#include "base/secret.h"
#include "identity/device_prefix.h"
#include "identity/key_window.h"

#include <cstddef>

namespace gatehouse::crypto {
class hkdf_sha256;
}

namespace gatehouse::identity {

inline constexpr std::size_t derived_key_size = 32;
using derived_key = secret<derived_key_size>;

// Bounds on what may stand in a keyring; who reads files refuses more, and shorter ones.
inline constexpr std::size_t shortest_master = 32;
inline constexpr std::size_t most_masters = 1024;
inline constexpr std::size_t most_generations = 8;  // that cover one device

struct master_key {
    key_index id = 0;
    key_window window;
    device_prefix devices;
    derived_key extracted;
};

// The half of HKDF that is the same for all devices.
derived_key extract_master(bytes master);

// The other half.
void derive_psk(
    derived_key const& extracted,
    device_id const& device,
    crypto::hkdf_sha256& hkdf,
    derived_key& into
);

}  // namespace gatehouse::identity
