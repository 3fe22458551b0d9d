#include "protocol/pssst/request_memory.h"

#include <algorithm>

namespace gatehouse::pssst {

request_memory::seat::seat(request_memory& in, bounds wanted)
    : in_{in}
    , wanted_{in.wanted_.insert(in.wanted_.end(), wanted)}
{
    in_.settle();
}

// What is remembered stays: the key may be another listener's next.
request_memory::seat::~seat()
{
    in_.wanted_.erase(wanted_);
}

void request_memory::seat::set_bounds(bounds wanted)
{
    *wanted_ = wanted;
    in_.settle();
}

void request_memory::settle()
{
    bounds most;
    for (auto const& one : wanted_) {
        most.entries = std::max(most.entries, one.entries);
        most.bytes = std::max(most.bytes, one.bytes);
        most.window = std::max(most.window, one.window);
    }
    if (known_)
        known_->set_bounds(most);
    else
        known_.emplace(most, hash_, random_);
}

}  // namespace gatehouse::pssst
