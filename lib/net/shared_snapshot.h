// One snapshot: what all workers work with until a reload gives them the next.
//
// Immutable once it is given to a worker. Whatever has a name has a slot in its list, which it
// keeps for the life of the daemon: what is gone leaves its slot empty, what is new is appended.
#pragma once

#include "config/model.h"
#include "gateway/admission.h"
#include "gateway/device_rates.h"
#include "identity/keyring.h"
#include "metrics/cells.h"
#include "net/descriptor_budget.h"
#include "net/gateway_key_uses.h"
#include "net/lasting_state.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

struct listener_slot {
    std::shared_ptr<config::listener const> config;  // null: empty
    std::size_t credentials = 0;                     // slots
    std::size_t backend = 0;
    std::shared_ptr<admission> admitted;
    std::shared_ptr<device_rates> rates = std::make_shared<device_rates>();
};

struct credential_slot {
    std::string name;  // empty: empty, or of_nobody
    std::shared_ptr<identity::keyring const> keyring;
    bool managed = false;            // in a store
    bool of_nobody = false;          // of listeners whose devices have no keys
    std::vector<std::string> files;  // that it was read from
    std::shared_ptr<gateway_key_uses const>
        uses;  // of its gateway keys, if the protocol keeps them
};

struct shared_snapshot {
    config::settings settings;  // as the operator wrote them
    std::uint64_t generation = 0;
    std::vector<listener_slot> listeners;
    std::vector<std::shared_ptr<config::backend const>> backends;  // null: empty
    std::vector<credential_slot> credentials;
    std::vector<metrics::worker_cells> cells;  // by worker
    // The same through all states.
    std::shared_ptr<lasting_proofs> proofs = std::make_shared<lasting_proofs>();
    std::shared_ptr<descriptor_budget> descriptors = std::make_shared<descriptor_budget>();
};

}  // namespace gatehouse
