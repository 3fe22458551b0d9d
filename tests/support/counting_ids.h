// Session ids in order from a given one on.
#pragma once

#include "protocol/session_id_issuer.h"

#include <cstdint>

namespace gatehouse::test {

class counting_ids final : public session_id_issuer {
public:
    explicit counting_ids(std::uint64_t first) : next_{first} {}
    session_id issue() override { return session_id{next_++}; }

private:
    std::uint64_t next_;
};

}  // namespace gatehouse::test
