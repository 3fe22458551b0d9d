// The door of a USMP listener over TCP (docs/protocols/usmp.md, "Handshake").
#pragma once

#include "protocol/stream_door.h"
#include "protocol/usmp/environment.h"

namespace gatehouse::usmp {

class stream_door final : public gatehouse::stream_door {
public:
    explicit stream_door(environment& env) : env_{env} {}

    // Refuses with malformed_magic, malformed_oversize, malformed_type, malformed_length or
    // incompatible_version: the last one only once the device's name is known, if it has the form
    // of a hello.
    first_look look(bytes received) const override;
    std::size_t hello_limit() const override;
    std::unique_ptr<session> open(time_point deadline, peer_address const& peer) override;

private:
    environment& env_;
};

}  // namespace gatehouse::usmp
