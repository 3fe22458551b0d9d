// How many signatures of strangers' hellos are verified: so many a second, however many come.
//
// A hello does not say whose it is, so that a bad one costs a verification for each device that it
// may be of (docs/protocols/spp.md, "Whose hello"). Without a bound one stranger would keep a
// worker busy, and with it the sessions of all.
#pragma once

#include "base/time.h"

#include <algorithm>
#include <chrono>

namespace gatehouse::spp {

class trial_budget {
public:
    // Full at first: as many as a second brings.
    explicit trial_budget(double a_second) : rate_{a_second}, left_{a_second} {}

    // Takes one, if there is one.
    bool take(time_point now)
    {
        std::chrono::duration<double> const passed = now - refilled_;
        left_ = std::min(rate_, left_ + rate_ * std::max(0.0, passed.count()));
        refilled_ = now;
        if (left_ < 1)
            return false;
        left_ -= 1;
        return true;
    }

private:
    double rate_;
    double left_;
    time_point refilled_{};
};

}  // namespace gatehouse::spp
