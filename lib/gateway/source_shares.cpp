#include "gateway/source_shares.h"

#include "base/keyed_hash.h"

#include <algorithm>
#include <cmath>

namespace gatehouse {

namespace {

// How far the proven may overdraw, in seconds; everybody else: one second.
constexpr double proven_depth = 1.5;

// Of the budget, what the proven never take from newcomers.
constexpr double newcomers_part = 0.25;

// In different tables of one hash: an address is no network.
enum class counted_as : std::uint64_t { address = 1, network = 2, device = 3 };

std::uint64_t hash_of(std::uint64_t key, counted_as what, bytes data)
{
    return keyed_hash(key + static_cast<std::uint64_t>(what), data);
}

}  // namespace

source_shares::source_shares(double a_second, std::uint64_t seed)
    : rate_{0}
    , key_{seed}
    , left_{0}
    , newcomers_{0}
{
    set_rate(a_second);
}

// A budget that is made larger or smaller begins anew, full.
void source_shares::set_rate(double a_second)
{
    if (a_second == rate_)
        return;
    rate_ = a_second;
    left_ = rate_;
    newcomers_ = rate_ * newcomers_part;
    if (rate_ > 0)
        buckets_.resize(rows * columns);
    else
        buckets_ = {};
}

void source_shares::refill(time_point now)
{
    if (now - key_made_ >= between_keys)
        change_key(now);
    std::chrono::duration<double> const passed = now - refilled_;
    if (passed.count() > 0) {
        refilled_ = now;
        left_ = std::min(rate_, left_ + rate_ * passed.count());
        newcomers_ = std::min(
            std::max(1.0, rate_ * newcomers_part),
            newcomers_ + rate_ * newcomers_part * passed.count()
        );
    }
    auto const age = std::chrono::floor<std::chrono::milliseconds>(now - key_made_).count();
    now_ = std::max(now_, static_cast<std::uint32_t>(std::max<std::int64_t>(age, 0)));
}

// Who shares all his buckets with a flood does so no longer. What was taken is forgotten: within a
// second it would have been as well.
void source_shares::change_key(time_point now)
{
    key_ = mixed(key_ + 0x9e3779b97f4a7c15ULL);
    key_made_ = now;
    now_ = 0;
    std::fill(buckets_.begin(), buckets_.end(), bucket{});
    all_ = {};
}

source_shares::indexes source_shares::indexes_of(std::uint64_t hash) const
{
    indexes made{};
    for (std::size_t row = 0; row < rows; ++row) {
        made[row] = static_cast<std::uint32_t>(row * columns + hash % columns);
        hash /= columns;
    }
    return made;
}

source_shares::account source_shares::account_of(asker const& who) const
{
    account made{
        indexes_of(hash_of(key_, counted_as::address, source_of(who.from))),
        indexes_of(hash_of(key_, counted_as::network, network_of(who.from))),
        std::nullopt,
    };
    if (who.proven_device)
        made.device = indexes_of(
            mixed((key_ + static_cast<std::uint64_t>(counted_as::device)) ^ *who.proven_device)
        );
    return made;
}

float source_shares::taken_now(bucket const& of) const
{
    auto const seconds = static_cast<float>(now_ - of.at) / 1000;
    return of.taken * std::exp(-seconds);
}

float source_shares::taken_by(indexes const& who) const
{
    auto least = taken_now(buckets_[who.front()]);
    for (auto const index : who)
        least = std::min(least, taken_now(buckets_[index]));
    return least;
}

// Only as far as the estimate was right: a bucket that others have filled is left alone.
void source_shares::charge(indexes const& who)
{
    auto const taken = taken_by(who) + 1;
    for (auto const index : who)
        buckets_[index] = {std::max(taken, taken_now(buckets_[index])), now_};
}

void source_shares::discharge(indexes const& who)
{
    for (auto const index : who)
        buckets_[index] = {std::max(taken_now(buckets_[index]) - 1, 0.0F), now_};
}

// Nobody overdraws for what he took himself: half of all that was taken lately is nobody's share.
//
// The less the overdraft leaves, the less a source may have had: sources that ask for much settle
// at equal parts, whose sum is what comes in, and leave room for those who come later.
//
// A network of many addresses may have half as much again as one of a single address, and each
// address twice what the network has left of that.
bool source_shares::may_overdraw(asker const& who, account const& its)
{
    auto const most = taken_now(all_) / 2;
    auto const capacity_of_proven = proven_depth * rate_ + left_;
    if (its.device) {
        auto const device = taken_by(*its.device);
        if (device < most && device < capacity_of_proven)
            return true;
    }
    auto const address = taken_by(its.address);
    if (address >= most)
        return false;
    auto const load = (address + 2 * taken_by(its.network)) / 3;
    if (who.of_source == standing::proven && load < capacity_of_proven)
        return true;
    if (left_ > -rate_)
        return load < rate_ + left_;
    if (newcomers_ < 1 || load >= newcomers_)
        return false;
    newcomers_ -= 1;
    return true;
}

bool source_shares::take(time_point now, asker const& who)
{
    if (rate_ <= 0)
        return true;
    refill(now);
    auto const its = account_of(who);
    if (left_ < 1 && !may_overdraw(who, its))
        return false;
    charge(its);
    return true;
}

void source_shares::charge(time_point now, asker const& who)
{
    if (rate_ <= 0)
        return;
    refill(now);
    charge(account_of(who));
}

void source_shares::charge(account const& who)
{
    left_ -= 1;
    all_ = {taken_now(all_) + 1, now_};
    charge(who.address);
    charge(who.network);
    if (who.device)
        charge(*who.device);
}

void source_shares::give_back(asker const& who)
{
    if (rate_ <= 0)
        return;
    auto const its = account_of(who);
    left_ = std::min(rate_, left_ + 1);
    all_ = {std::max(taken_now(all_) - 1, 0.0F), now_};
    discharge(its.address);
    discharge(its.network);
    if (its.device)
        discharge(*its.device);
}

}  // namespace gatehouse
