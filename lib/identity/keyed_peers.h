// What a credential set of a keyed protocol has besides its devices: the gateway's own keys, and
// the devices by public key. Immutable; shared by the snapshots of a keyring.
#pragma once

#include "identity/device_id.h"
#include "identity/gateway_key.h"
#include "identity/public_key.h"
#include "identity/source_index.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace gatehouse::identity {

struct keyed_peer {
    identity::public_key public_key{};
    device_id device;
};

// Who sends PSSST requests without a key, in sets that accept them. Reserved: no device of a file.
device_id anonymous_device();

class keyed_peers {
public:
    // Of each listed device, the disabled ones too.
    struct listed_peer {
        keyed_peer peer;
        std::vector<source_range> from;  // empty: anywhere
    };

    // Each public key once.
    keyed_peers(std::vector<gateway_key> gateway_keys, std::vector<listed_peer> peers);

    std::span<gateway_key const> gateway_keys() const noexcept { return gateway_keys_; }
    gateway_key const* find_gateway_key(key_index id) const noexcept;

    // By public key, ascending.
    std::span<keyed_peer const> peers() const noexcept { return peers_; }
    std::optional<device_id> find(public_key const& key) const noexcept;
    // Places in `peers`.
    source_index const& sources() const noexcept { return sources_; }

private:
    std::vector<gateway_key> gateway_keys_;  // newest first
    std::vector<keyed_peer> peers_;
    source_index sources_;
};

}  // namespace gatehouse::identity
