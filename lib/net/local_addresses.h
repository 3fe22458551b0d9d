// This host's addresses that devices were seen to ask, as small numbers: sessions remember one
// each.
#pragma once

#include "gateway/arrived_datagram.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

namespace gatehouse {

class local_addresses {
public:
    using number = std::uint16_t;

    // Beyond what fits (nobody has so many), replies leave from wherever the kernel likes.
    number number_of(local_address const& address)
    {
        if (known_[last_] == address)
            return last_;
        auto const found = std::find(known_.begin(), known_.end(), address);
        if (found == known_.end() && known_.size() > std::numeric_limits<number>::max())
            return 0;
        last_ = static_cast<number>(found - known_.begin());
        if (found == known_.end())
            known_.push_back(address);
        return last_;
    }

    local_address const& at(number which) const { return known_.at(which); }

private:
    std::vector<local_address> known_{1};  // number 0: unspecified
    number last_ = 0;
};

}  // namespace gatehouse
