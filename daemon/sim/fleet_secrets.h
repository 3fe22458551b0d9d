// What the devices of a fleet have each of its own: a name, and a secret that is drawn from one for
// all, so that the same devices come with the same one.
#pragma once

#include "base/secret.h"
#include "crypto/hkdf.h"

#include <cstdint>
#include <string>

namespace gatehouse::sim {

class fleet_secrets {
public:
    explicit fleet_secrets(bytes secret) : secret_{secret} {}

    // Of device `index`, counted from 0.
    secret<32> of(std::uint32_t index);

private:
    secret_bytes secret_;
    crypto::hkdf_sha256 hkdf_;
};

// What the credential file calls it: "sim-1" and up.
std::string fleet_name(std::uint32_t index);

// Text in double quotes, as YAML and JSON have them.
std::string quoted(std::string_view text);

}  // namespace gatehouse::sim
