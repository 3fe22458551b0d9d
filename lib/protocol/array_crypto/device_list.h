// Who may speak Array-Crypto to a listener: each device with its own secret, found by the prefix of
// the paths that it asks for, or by the name that it gives in HTTP Basic.
//
// Immutable; shared read-only between workers.
#pragma once

#include "base/secret.h"
#include "identity/credential_extras.h"
#include "identity/device_id.h"
#include "identity/key_window.h"
#include "identity/listed_device.h"
#include "protocol/array_crypto/profile.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::array_crypto {

// By what a device's state is found; another secret is another state.
using state_id = std::array<std::uint8_t, 16>;

struct device {
    identity::device_id name;
    profile speaks = profile::v1;
    std::string prefix;     // "/dev/sensor-1", or nothing
    secret_bytes secret;    // signs its snapshots
    secret_bytes password;  // empty: the prefix names the device
    identity::key_index credential = 0;
    identity::key_window window;
    identity::key_mark mark = identity::key_mark::accepted;

    // Made of the secret by the list.
    state_id state{};
    std::uint64_t v1_seed = 0;  // of v1, for as long as the secret is the same
};

class device_list final : public identity::credential_extras {
public:
    explicit device_list(std::vector<device> devices);

    // All with this prefix, in no order that means something but the first: it is the one without a
    // password, if there is one (a list that was checked has no two).
    std::span<device const> with_prefix(std::string_view prefix) const noexcept;

    // The one of this name among them.
    static device const* find(
        std::span<device const> with_prefix, identity::device_id const& name
    ) noexcept;

    std::span<device const> all() const noexcept { return devices_; }

private:
    std::vector<device> devices_;
};

}  // namespace gatehouse::array_crypto
