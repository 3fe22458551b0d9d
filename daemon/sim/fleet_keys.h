// The key pairs of a fleet whose devices are known by their keys: each has its own, drawn from one
// secret, so that the same devices come with the same secret.
#pragma once

#include "crypto/ed25519.h"
#include "crypto/hkdf.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gatehouse::sim {

struct fleet_key {
    crypto::ed25519_private private_key;
    crypto::ed25519_public public_key{};
};

class fleet_keys {
public:
    explicit fleet_keys(crypto::ed25519_private secret) : secret_{std::move(secret)} {}

    // Of device `index`, counted from 0; it stays where it is.
    fleet_key const& of(std::uint32_t index);

private:
    crypto::ed25519_private secret_;
    crypto::hkdf_sha256 hkdf_;
    std::vector<std::unique_ptr<fleet_key const>> made_;
};

// What the credential file calls it: "sim-1" and up.
std::string fleet_name(std::uint32_t index);

}  // namespace gatehouse::sim
