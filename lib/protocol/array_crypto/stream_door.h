// The door of an Array-Crypto listener (docs/protocols/array-crypto.md, "Requests").
#pragma once

#include "protocol/array_crypto/environment.h"
#include "protocol/stream_door.h"

namespace gatehouse::array_crypto {

class stream_door final : public gatehouse::stream_door {
public:
    explicit stream_door(environment& env) : env_{env} {}

    // A whole header, or one that is not in order: the session answers either.
    first_look look(bytes received) const override;
    std::size_t hello_limit() const override;
    std::unique_ptr<session> open(time_point deadline, peer_address const& peer) override;

private:
    environment& env_;
};

}  // namespace gatehouse::array_crypto
