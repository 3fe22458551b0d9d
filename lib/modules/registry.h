// Every protocol that the gateway speaks. Made once a process, on the main thread; outlives all
// settings, and everything that works with them.
#pragma once

#include "config/protocol_type.h"
#include "net/protocol_module.h"

#include <memory>
#include <vector>

namespace gatehouse {

class protocol_registry {
public:
    protocol_registry();
    ~protocol_registry();
    protocol_registry(protocol_registry const&) = delete;
    protocol_registry& operator=(protocol_registry const&) = delete;

    // For the reader of the configuration.
    config::protocol_list const& types() const noexcept { return types_; }

    std::vector<std::unique_ptr<protocol_module>> const& modules() const noexcept
    {
        return modules_;
    }

private:
    std::vector<std::unique_ptr<protocol_module>> modules_;
    std::vector<config::protocol_type const*> known_;
    config::protocol_list types_;
};

}  // namespace gatehouse
