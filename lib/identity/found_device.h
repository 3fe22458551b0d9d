// What a keyring says about one device at the time of its handshake, its derived keys included.
//
// Lives on the caller's stack and dies with the handshake; takes nothing from the heap. Valid as
// long as the keyring.
#pragma once

#include "identity/listed_device.h"
#include "identity/master_key.h"

#include <array>
#include <cstddef>
#include <optional>

namespace gatehouse::identity {

class found_device {
public:
    // Is it listed (even disabled), covered by a master, or is there a wildcard?
    bool enrolled() const noexcept { return listed_ || derived_count_ > 0; }

    // At most keyring::trials(). Some may be revoked, disabled, or outside their window.
    std::size_t key_count() const noexcept;
    enrolled_key key(std::size_t index) const noexcept;

    session_id_length legacy_session_id() const noexcept;

private:
    friend class keyring;

    std::optional<listed_device> listed_;
    std::size_t derived_count_ = 0;
    std::array<master_key const*, most_generations> masters_{};
    std::array<derived_key, most_generations> derived_;  // behind the count: decoys
};

}  // namespace gatehouse::identity
