// The door of an SPP listener (docs/protocols/spp.md, "Handshake").
#pragma once

#include "protocol/spp/environment.h"
#include "protocol/stream_door.h"

namespace gatehouse::spp {

class stream_door final : public gatehouse::stream_door {
public:
    explicit stream_door(environment& env) : env_{env} {}

    // Judges the form only: whose hello it is costs signatures, and the session finds out.
    first_look look(bytes received) const override;
    std::size_t hello_limit() const override;
    std::unique_ptr<session> open(time_point deadline, peer_address const& peer) override;
    duration patience() const override;
    result<std::unique_ptr<session>> greet(
        time_point deadline, peer_address const& peer, output& out
    ) override;

private:
    environment& env_;
};

}  // namespace gatehouse::spp
