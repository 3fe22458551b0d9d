// How many signatures of strangers' hellos are verified: so many a second, however many come.
//
// A hello does not say whose it is, so that a bad one costs a verification for each device that it
// may be of (docs/protocols/spp.md, "Whose hello"). Without a bound one stranger would keep a
// worker busy, and with it the sessions of all; and without shares nobody else would get any.
#pragma once

#include "base/address.h"
#include "base/time.h"

namespace gatehouse::spp {

class trial_budget {
public:
    virtual ~trial_budget() = default;
    trial_budget(trial_budget const&) = delete;
    trial_budget& operator=(trial_budget const&) = delete;

    // Takes one for a hello from there, if that source may have one now.
    virtual bool take(time_point now, peer_address const& from) = 0;

protected:
    trial_budget() = default;
};

}  // namespace gatehouse::spp
