// Where sessions get their ids from.
#pragma once

#include "base/session_id.h"

namespace gatehouse {

// Hands out ids that no live session of this worker has.
class session_id_issuer {
public:
    virtual ~session_id_issuer() = default;
    virtual session_id issue() = 0;

protected:
    session_id_issuer() = default;
    session_id_issuer(session_id_issuer const&) = default;
    session_id_issuer& operator=(session_id_issuer const&) = default;
};

}  // namespace gatehouse
