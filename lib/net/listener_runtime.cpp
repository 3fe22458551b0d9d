#include "net/listener_runtime.h"

#include "net/limits.h"
#include "net/protocol_module.h"
#include "net/shared_snapshot.h"

#include <algorithm>

namespace gatehouse {

namespace {

// Of all workers together, each may have an equal part.
std::uint32_t share_of(std::uint32_t limit, std::size_t workers)
{
    auto const count = static_cast<std::uint32_t>(workers);
    return (limit + count - 1) / count;
}

// The same of bytes; one frame has room whatever the bound.
std::size_t share_of_parts(config::listener const& listener, std::size_t workers)
{
    return std::max(
        (listener.limits.half_records + workers - 1) / workers, net_limits::least_half_records
    );
}

protocol_tools with(protocol_tools tools, block_pool& blocks)
{
    tools.blocks = &blocks;
    return tools;
}

}  // namespace

listener_runtime::listener_runtime(
    shared_snapshot const& snapshot, std::size_t slot, environment const& around
)
    : index{slot}
    , config{*snapshot.listeners[slot].config}
    , keyring{snapshot.credentials[snapshot.listeners[slot].credentials].keyring}
    , admitted{snapshot.listeners[slot].admitted}
    , rates{snapshot.listeners[slot].rates}
    , link{around.link}
    , blocks{net_limits::spare_blocks}
    , host{module_of(config).make_host(
          config,
          snapshot.credentials[snapshot.listeners[slot].credentials],
          with(around.tools, blocks),
          snapshot.cells.size()
      )}
    , counted{snapshot.cells[around.worker].listeners.share(slot)}
    , credential_sessions{snapshot.cells[around.worker]
                              .credential_sessions[snapshot.listeners[slot].credentials]}
    , proofs{snapshot.proofs->all(), config.name}
    , descriptors{snapshot.descriptors}
    , most_half_open{share_of(config.limits.half_open, snapshot.cells.size())}
    , credentials{snapshot.listeners[slot].credentials}
    , workers{snapshot.cells.size()}
    , serves_requests{
          config.transport == config::transport::udp &&
          host->datagrams().serves() == datagram_door::style::requests}
{
    host->set_allowance(*rates);
    blocks.parts().set_limit(share_of_parts(config, snapshot.cells.size()));
}

bool listener_runtime::is_concerned(snapshot_change const& by) const
{
    auto const& before = by.keyrings_before;
    return retired || by.listeners_changed ||
           (credentials < before.size() && before[credentials] != keyring);
}

identity::key_standing listener_runtime::standing_of(
    session_facts const& facts, snapshot_change const& by
) const
{
    auto const& before = by.keyrings_before;
    if (retired || credentials >= before.size())
        return {};
    return identity::standing_of(*before[credentials], *keyring, facts.device, facts.credential);
}

std::optional<identity::key_window> listener_runtime::window_after_step(session_facts const& facts
) const
{
    return identity::window_of(*keyring, facts.device, facts.credential);
}

admission::asker listener_runtime::asker_at(
    peer_address const& peer, identity::device_id const& device
) const
{
    if (config.limits.handshakes_per_second == 0)
        return peer;
    return proofs.asker_at(peer, device);
}

handshake_gate listener_runtime::gate_beside(unproven_order const& open) const
{
    auto const& limits = config.limits;
    return {*admitted, open, {limits.handshakes, limits.handshakes_per_address, workers}};
}

void listener_runtime::install(shared_snapshot const& snapshot, std::uint8_t worker)
{
    auto const& slot = snapshot.listeners[index];
    config = *slot.config;
    keyring = snapshot.credentials[slot.credentials].keyring;
    credential_sessions = snapshot.cells[worker].credential_sessions[slot.credentials];
    most_half_open = share_of(config.limits.half_open, workers);
    blocks.parts().set_limit(share_of_parts(config, workers));
    host->configure(config, snapshot.credentials[slot.credentials]);
}

}  // namespace gatehouse
