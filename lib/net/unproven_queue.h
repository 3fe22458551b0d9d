// The connections that have proven nothing yet, with whom they belong to
// (gateway/unproven_order.h).
#pragma once

#include "gateway/unproven_order.h"

#include <cstddef>
#include <vector>

namespace gatehouse {

template <class Owner>
class unproven_queue {
public:
    using slot = unproven_order::slot;

    // Memory for so many is taken at once.
    explicit unproven_queue(std::size_t expected = 0) : order_{expected}
    {
        owners_.reserve(expected);
    }

    slot add(Owner& who, time_point since, peer_address const& peer)
    {
        auto const made = order_.add(since, peer);
        if (made >= owners_.size())
            owners_.resize(made + 1);
        owners_[made] = &who;
        return made;
    }

    void remove(slot which) { order_.remove(which); }

    std::size_t size() const noexcept { return order_.size(); }
    unproven_order const& order() const noexcept { return order_; }
    Owner& owner_of(slot which) const { return *owners_[which]; }

    // Null when there is none.
    Owner* oldest() const noexcept
    {
        auto const which = order_.oldest();
        return which ? owners_[*which] : nullptr;
    }

private:
    unproven_order order_;
    std::vector<Owner*> owners_;
};

}  // namespace gatehouse
