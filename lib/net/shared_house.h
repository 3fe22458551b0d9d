// What all workers share: settings and keyrings, read-only, and the listeners' admission ledgers.
#pragma once

#include "config/model.h"
#include "gateway/admission.h"
#include "identity/keyring.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace gatehouse {

struct shared_house {
    config::settings settings;
    std::vector<std::shared_ptr<identity::keyring const>> keyrings;  // as settings.credentials
    std::vector<std::unique_ptr<admission>> admissions;              // as settings.listeners

    std::size_t credentials_of(config::listener const& listener) const;
    std::size_t backend_of(config::listener const& listener) const;
};

}  // namespace gatehouse
