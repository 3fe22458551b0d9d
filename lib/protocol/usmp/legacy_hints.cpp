#include "protocol/usmp/legacy_hints.h"

#include "protocol/usmp/limits.h"

#include <utility>

namespace gatehouse::usmp {

namespace {

using identity::session_id_length;
using standing = legacy_hint::standing;

session_id_length other_than(session_id_length length) noexcept
{
    return length == session_id_length::sixteen ? session_id_length::four
                                                : session_id_length::sixteen;
}

}  // namespace

legacy_hint legacy_hints::find(legacy_device const& device) const
{
    std::lock_guard const locked{mutex_};
    return look_up(device);
}

std::size_t legacy_hints::size() const
{
    std::lock_guard const locked{mutex_};
    return known_.size();
}

legacy_hint legacy_hints::look_up(legacy_device const& device) const
{
    auto const found = known_.find(device);
    if (found == known_.end())
        return {device, session_id_length::unknown, standing::untried};
    return {device, found->second.length, found->second.what};
}

session_id_length legacy_hints::next(legacy_device const& device) const
{
    auto const hint = find(device);
    if (hint.length == session_id_length::unknown)
        return session_id_length::four;
    return hint.what == standing::silent ? other_than(hint.length) : hint.length;
}

void legacy_hints::remember(legacy_hint const& hint)
{
    std::lock_guard const locked{mutex_};
    put(hint);
}

void legacy_hints::replace(legacy_hint const& expected, legacy_hint const& by)
{
    std::lock_guard const locked{mutex_};
    if (look_up(expected.device) == expected)
        put(by);
}

void legacy_hints::put(legacy_hint const& hint)
{
    auto const [at, is_new] = known_.insert_or_assign(hint.device, known{hint.length, hint.what});
    if (!is_new)
        return;
    order_.push_back(hint.device);
    if (order_.size() > capacity_) {
        known_.erase(order_.front());
        order_.pop_front();
    }
}

length_guess::length_guess(legacy_hints& hints, legacy_device const& device, session_id_length told)
    : hints_{hints}
    , device_{device}
    , told_{told}
    , was_proven_{hints.find(device) == legacy_hint{device, told, standing::proven}}
{
    hints_.remember({device_, told_, standing::silent});
}

length_guess::~length_guess()
{
    drop();
}

void length_guess::heard()
{
    open_ = false;
    hints_.remember({device_, told_, standing::proven});
}

// One that has spoken before may be silent and late this time; twice in a row it is not.
void length_guess::left(duration after)
{
    bool const is_late = after > limits::legacy_hint_window;
    settle(is_late && was_proven_ ? told_ : other_than(told_), standing::untried);
}

void length_guess::drop()
{
    settle(told_, was_proven_ ? standing::proven : standing::untried);
}

// What another session of the device has taught meanwhile is newer.
void length_guess::settle(session_id_length length, standing what)
{
    if (!std::exchange(open_, false))
        return;
    hints_.replace({device_, told_, standing::silent}, {device_, length, what});
}

}  // namespace gatehouse::usmp
