// What the configuration needs to know of a protocol. Each has one object of a class of this kind
// (modules/registry.h), which outlives all settings.
#pragma once

#include "config/complaints.h"
#include "config/model.h"
#include "config/problem.h"
#include "config/yaml_map.h"
#include "identity/keyring.h"

#include <optional>
#include <span>
#include <string_view>

namespace gatehouse::config {

class credential_kind;  // config/credential_kind.h

struct protocol_facts {
    std::string_view name;  // `protocol: NAME`, and the key of its section of a listener
    // The transport that it is spoken over; nothing: either, and TCP unless told.
    std::optional<transport> only_over = std::nullopt;
    // What the keys of its devices are; null: they have none, and its listeners no credentials.
    credential_kind const* keys = nullptr;
    // What an attacker can do to it: then its listeners need `insecure: accept` off the loopback
    // addresses. Empty: it is safe.
    std::string_view danger = {};
    // Single requests with one reply each, in the place of sessions.
    bool serves_requests = false;
};

class protocol_type {
public:
    virtual ~protocol_type() = default;
    protocol_type(protocol_type const&) = delete;
    protocol_type& operator=(protocol_type const&) = delete;

    protocol_facts const& facts() const noexcept { return facts_; }
    std::string_view name() const noexcept { return facts_.name; }
    bool is_unsafe() const noexcept { return !facts_.danger.empty(); }

    // A listener without a section of the protocol's name.
    virtual protocol_options usual_options() const = 0;

    // Defaults of a listener's own settings that are others in this protocol.
    virtual void set_defaults(listener&) const {}

    // The listener's section of the protocol's name.
    virtual protocol_options read(yaml_node section, complaints& report) const = 0;

    // A listener that was read: what works and yet can hardly be meant.
    virtual void warn(yaml_map& written, listener const& made, complaints& warnings) const
    {
        static_cast<void>(written);
        static_cast<void>(made);
        static_cast<void>(warnings);
    }

    // A listener with the credentials that it uses, which were read from `file`.
    virtual void check_credentials(
        listener const& with,
        identity::keyring const& ring,
        std::string const& file,
        problems& found
    ) const
    {
        static_cast<void>(with);
        static_cast<void>(ring);
        static_cast<void>(file);
        static_cast<void>(found);
    }

    // Can a reload leave the listener's sessions as they are? Else it is made anew.
    virtual bool carries_on(listener const& before, listener const& after) const
    {
        static_cast<void>(before);
        static_cast<void>(after);
        return true;
    }

protected:
    explicit protocol_type(protocol_facts const& facts) : facts_{facts} {}

private:
    protocol_facts facts_;
};

// All that a listener's `protocol` can name.
struct protocol_list {
    std::span<protocol_type const* const> known;  // the first one is meant when none is named

    protocol_type const* find(std::string_view name) const noexcept
    {
        for (auto const* one : known)
            if (one->name() == name)
                return one;
        return nullptr;
    }
};

// As a listener of the protocol that says nothing else.
inline void set_protocol(listener& into, protocol_type const& which)
{
    into.protocol = &which;
    into.transport = which.facts().only_over.value_or(transport::tcp);
    into.options = which.usual_options();
    which.set_defaults(into);
}

}  // namespace gatehouse::config
