#include "net/agreement_budget.h"

#include "net/limits.h"

#include <chrono>

namespace gatehouse {

namespace {

// What a packet is expected to take: about an agreement. What it took is settled afterwards.
constexpr std::chrono::microseconds unit{50};

constexpr double units_a_second =
    net_limits::part_for_unproven / std::chrono::duration<double>{unit}.count();

}  // namespace

bool agreement_budget::take(time_point now, source_shares::asker const& who)
{
    if (!shares_)
        shares_.emplace(units_a_second, seed_);
    return shares_->take(now, who);
}

void agreement_budget::give_back(source_shares::asker const& who)
{
    shares_->give_back(who);
}

void agreement_budget::charge(time_point now, source_shares::asker const& who, duration spent)
{
    owed_ += spent - unit;
    for (; owed_ >= unit; owed_ -= unit)
        shares_->charge(now, who);
    for (; owed_ <= -unit; owed_ += unit)
        shares_->give_back(who);
}

}  // namespace gatehouse
