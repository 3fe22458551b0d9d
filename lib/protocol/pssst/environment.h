// What the PSSST requests of one worker and listener share. Owned by the worker; outlives them.
#pragma once

#include "base/time.h"
#include "crypto/random.h"
#include "crypto/workbench.h"
#include "crypto/x25519.h"
#include "identity/keyring.h"
#include "protocol/device_allowance.h"
#include "protocol/pssst/duplicate_cache.h"
#include "protocol/pssst/options.h"
#include "protocol/pssst/replay_filter.h"
#include "protocol/session_id_issuer.h"

#include <memory>
#include <span>
#include <vector>

namespace gatehouse::pssst {

// One of the gateway's keys, as this worker uses it.
struct own_key {
    own_key(identity::gateway_key const& which, replay_filter& of_key)
        : key{&which}
        , agreement{which.private_key, which.public_key}
        , accepted{&of_key}
    {
    }

    identity::gateway_key const* key;
    crypto::x25519_agreement agreement;
    replay_filter* accepted;  // under which DH values, by whichever listener and worker
};

struct environment {
    options config;
    identity::keyring const* keyring = nullptr;
    std::vector<own_key> keys{};  // those of the keyring, in its order
    crypto::workbench& crypto;
    crypto::random_source& random;
    session_id_issuer& ids;
    duplicate_cache& known;  // by whichever listener of the worker: one key may serve several
    device_allowance const* allowance = nullptr;  // without one everybody may ask all the time
    wall_time wall_now{};  // kept current by the owner while requests are opened

    // From now on. `filters` are those of the keyring's gateway keys, in their order; all outlive
    // the environment, or its next `use`.
    using filters = std::span<std::shared_ptr<replay_filter> const>;
    void use(identity::keyring const& ring, filters of_keys)
    {
        keyring = &ring;
        keys.clear();
        auto const ours = ring.gateway_keys();
        for (std::size_t i = 0; i < ours.size(); ++i)
            keys.emplace_back(ours[i], *of_keys[i]);
    }
};

}  // namespace gatehouse::pssst
