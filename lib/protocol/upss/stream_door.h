// The door of a UPSS listener (docs/protocols/upss.md, "Session").
#pragma once

#include "protocol/stream_door.h"
#include "protocol/upss/environment.h"

namespace gatehouse::upss {

class stream_door final : public gatehouse::stream_door {
public:
    explicit stream_door(environment& env) : env_{env} {}

    // A whole first package; what it says is for the session.
    first_look look(bytes received) const override;
    std::size_t hello_limit() const override;
    std::unique_ptr<session> open(time_point deadline, peer_address const& peer) override;

private:
    environment& env_;
};

}  // namespace gatehouse::upss
