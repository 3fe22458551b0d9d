// SPP for a listener on one worker.
#pragma once

#include "net/listener_proofs.h"
#include "net/protocol_host.h"
#include "protocol/spp/environment.h"
#include "protocol/spp/stream_door.h"

#include <utility>

namespace gatehouse {

class spp_host final : public protocol_host {
public:
    // `hints` are those of the process.
    spp_host(
        config::listener const& listener,
        identity::keyring const& keyring,
        protocol_tools tools,
        spp::source_hints& hints
    );

    gatehouse::stream_door& streams() noexcept override { return streams_; }
    void configure(config::listener const& listener, credential_slot const& keys) override;
    void set_wall_time(wall_time now) noexcept override { environment_.wall_now = now; }
    std::string advice(error why, bytes first) const override;
    std::string advice(error why, session_facts const& facts) const override;

private:
    // Fair shares of what a worker may verify.
    class trial_shares final : public spp::trial_budget {
    public:
        trial_shares(listener_proofs known, std::uint64_t seed)
            : known_{std::move(known)}
            , shares_{spp::limits::trials_a_second, seed}
        {
        }
        bool take(time_point now, peer_address const& from) override
        {
            return shares_.take(now, {from, known_.standing_of(from)});
        }

    private:
        listener_proofs known_;
        source_shares shares_;
    };

    trial_shares trials_;
    spp::environment environment_;
    spp::stream_door streams_;
};

}  // namespace gatehouse
