// All that the gateway needs to know of a protocol (docs/contributing.md, "Add a protocol"). Each
// has one object, made once a process (modules/registry.h), which outlives everything that works
// with it. What a protocol keeps for all workers is a member of its module, and locks itself.
//
// Any thread unless a comment says otherwise.
#pragma once

#include "base/time.h"
#include "config/problem.h"
#include "config/protocol_type.h"
#include "net/gateway_key_uses.h"
#include "net/lasting_state.h"
#include "net/protocol_host.h"
#include "net/steering.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

struct unsafe_generation {
    std::string name;         // as the settings name it
    std::string_view danger;  // for a log line; static storage
};

class protocol_module : public config::protocol_type {
public:
    // For a listener on one worker, on that worker's thread. `workers`: how many share it.
    virtual std::unique_ptr<protocol_host> make_host(
        config::listener const& listener,
        credential_slot const& keys,
        protocol_tools tools,
        std::size_t workers
    ) const = 0;

    // What its hosts on one worker share (protocol_tools::shared), made before the first of them on
    // the worker's thread; null: nothing.
    virtual std::unique_ptr<worker_state> make_worker_state(worker_tools) const { return nullptr; }

    // A gateway that serves, not one that only checks: before its workers run, and after they have
    // ended. The place to make threads, and to end them; main thread, signals blocked.
    virtual void start() const {}
    virtual void stop() const {}

    // How its datagrams find their worker.
    virtual steering_rule steering() const { return {}; }

    // Those that a listener's settings admit.
    virtual std::vector<unsafe_generation> unsafe_generations(config::listener const&) const
    {
        return {};
    }

    // No session of the listener can take a larger message.
    virtual std::size_t largest_message(config::listener const& listener) const = 0;

    // What of its state is worth keeping through a restart.
    virtual std::vector<lasting_state*> lasting_states() const { return {}; }

    // What was read of the configuration.
    using keyring_list = std::span<std::shared_ptr<identity::keyring const> const>;
    struct reading {
        std::string const& file;  // for problems
        config::settings const& settings;
        keyring_list keyrings;  // as settings.credentials
    };
    struct findings {
        config::problems& problems;
        config::problems& warnings;
    };

    // For each credential set what the protocol keeps of the gateway's keys in it, null where that
    // is nothing; empty when it keeps nothing at all, or with a problem when it cannot. On the
    // thread that reads the configuration.
    using key_uses = std::vector<std::shared_ptr<gateway_key_uses const>>;
    virtual key_uses open_key_uses(reading const& from, wall_time now, findings into) const
    {
        static_cast<void>(from);
        static_cast<void>(now);
        static_cast<void>(into);
        return {};
    }

    // What `open_key_uses` would say in a process that begins; changes nothing.
    virtual void check_key_uses(reading const& from, findings into) const
    {
        static_cast<void>(from);
        static_cast<void>(into);
    }

protected:
    using protocol_type::protocol_type;
};

// Of a listener of a running gateway, all of whose protocols are modules.
inline protocol_module const& module_of(config::listener const& listener)
{
    return dynamic_cast<protocol_module const&>(*listener.protocol);
}

}  // namespace gatehouse
