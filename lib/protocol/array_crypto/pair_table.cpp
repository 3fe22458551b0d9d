#include "protocol/array_crypto/pair_table.h"

#include "wire/reader.h"

#include <algorithm>
#include <iterator>

namespace gatehouse::array_crypto {

namespace {

// A pair is told no longer than this, whatever waits to be fetched.
constexpr duration longest_told = limits::pair_age + limits::reply_hold;
// Longer than anything of a state counts.
constexpr duration forgotten_after = 2 * limits::drift + limits::pair_window + limits::reply_hold;

}  // namespace

// They are tags of HMAC: nobody can choose them.
std::size_t pair_table::hash::operator()(state_id const& id) const noexcept
{
    return static_cast<std::size_t>(wire::reader{id}.little<std::uint64_t>());
}

pair_table::state& pair_table::touch(state_id const& of, time_point now)
{
    while (!states_.empty() && states_.front().touched + forgotten_after < now) {
        index_.erase(states_.front().id);
        states_.pop_front();
    }
    auto const [found, is_new] = index_.try_emplace(of);
    if (is_new) {
        states_.emplace_back().id = of;
        found->second = std::prev(states_.end());
    } else {
        states_.splice(states_.end(), states_, found->second);
    }
    auto& touched = states_.back();
    touched.touched = now;
    drop_old(touched, now);
    return touched;
}

void pair_table::drop_old(state& of, time_point now)
{
    std::erase_if(of.pairs, [&](auto const& one) { return one.told + limits::pair_window <= now; });
    std::erase_if(of.accepted, [&](auto const& one) { return one.until <= now; });
    if (now >= of.held_until)
        of.unfetched = 0;
}

pair_table::told_pair& pair_table::draw(state& of, time_point now, crypto::random_source& random)
{
    if (of.pairs.size() == limits::pairs_a_device)
        of.pairs.erase(of.pairs.begin());
    of.unfetched = 0;
    of.held_until = {};
    auto const seed = crypto::draw_number(random);
    auto const tick = crypto::draw_number(random);
    return of.pairs.emplace_back(told_pair{{seed, tick}, now, now});
}

// The newest, unless it is time for another.
pair_table::told_pair& pair_table::newest(state& of, time_point now, crypto::random_source& random)
{
    if (of.pairs.empty())
        return draw(of, now, random);
    auto& last = of.pairs.back();
    bool const is_spent = last.used || last.made + limits::pair_age <= now;
    bool const is_waited_for = of.unfetched > 0 && now < last.made + longest_told;
    return is_spent && !is_waited_for ? draw(of, now, random) : last;
}

pair pair_table::tell(state_id const& of, time_point now, crypto::random_source& random)
{
    std::scoped_lock const lock{mutex_};
    auto& known = touch(of, now);
    auto& told = newest(known, now, random);
    if (known.unfetched > 0 && --known.unfetched == 0)
        told.used = true;
    told.told = now;
    return told.of;
}

pair pair_table::for_reply(state_id const& of, time_point now, crypto::random_source& random)
{
    std::scoped_lock const lock{mutex_};
    auto& known = touch(of, now);
    auto& told = newest(known, now, random);
    told.told = now;
    ++known.unfetched;
    known.held_until = now + limits::reply_hold;
    return told.of;
}

pair_table::live_pairs pair_table::live(state_id const& of, time_point now)
{
    std::scoped_lock const lock{mutex_};
    live_pairs found;
    if (auto const known = index_.find(of); known != index_.end())
        for (auto const& one : known->second->pairs)
            if (now < one.told + limits::pair_window)
                found.all.at(found.count++) = one.of;
    std::reverse(found.all.begin(), found.all.begin() + static_cast<std::ptrdiff_t>(found.count));
    return found;
}

result<> pair_table::accept(state_id const& of, pair const& under, bytes salt, time_point now)
{
    std::scoped_lock const lock{mutex_};
    auto& known = touch(of, now);
    auto const found = std::find_if(known.pairs.begin(), known.pairs.end(), [&](auto const& one) {
        return one.of == under;
    });
    if (found == known.pairs.end())
        return error::unproven_replay;
    auto const until = now + longest_told + limits::pair_window;  // its pair opens none by then
    if (auto const noted = remember(known, salt, until); !noted)
        return noted;
    found->used = true;
    return {};
}

result<> pair_table::accept_until(state_id const& of, bytes salt, time_point until, time_point now)
{
    std::scoped_lock const lock{mutex_};
    return remember(touch(of, now), salt, until);
}

result<> pair_table::remember(state& of, bytes salt, time_point until)
{
    accepted_message made{{}, until};
    std::copy(salt.begin(), salt.end(), made.salt.begin());
    bool const is_known = std::any_of(of.accepted.begin(), of.accepted.end(), [&](auto const& one) {
        return one.salt == made.salt;
    });
    if (is_known)
        return error::unproven_replay;
    if (of.accepted.size() >= limits::salts_a_device)
        return error::limit_device_rate;
    of.accepted.push_back(made);
    return {};
}

std::size_t pair_table::devices() const
{
    std::scoped_lock const lock{mutex_};
    return states_.size();
}

}  // namespace gatehouse::array_crypto
