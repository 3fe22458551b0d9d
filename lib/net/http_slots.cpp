#include "net/http_slots.h"

#include <algorithm>
#include <utility>

namespace gatehouse {

using metrics::endpoint_refusal;

bool http_slots::free_capacity(http_guest::rank of)
{
    bool const is_ordinary = of == http_guest::rank::ordinary;
    auto const crowd =
        is_ordinary ? static_cast<std::size_t>(std::count_if(
                          all_.begin(),
                          all_.end(),
                          [](auto const& one) { return one.rank_ == http_guest::rank::ordinary; }
                      ))
                    : all_.size();
    auto const most = is_ordinary ? bounds_.connections - bounds_.reserved : bounds_.connections;
    bool const is_full = crowd >= most || all_.size() >= bounds_.connections;
    if (!is_full || evict_one(of))
        return true;
    count(endpoint_refusal::full);
    return false;
}

bool http_slots::evict_one(http_guest::rank for_whom)
{
    auto const keeps_waiting = [](http_guest const& one) {
        return one.phase_ != http_guest::phase::working;
    };
    auto* found = find(http_guest::rank::ordinary, keeps_waiting);
    if (found == nullptr && for_whom == http_guest::rank::privileged)
        found = find(http_guest::rank::privileged, keeps_waiting);
    if (found == nullptr)
        return false;
    evict(*found);
    return true;
}

template <class Which>
http_guest* http_slots::find(http_guest::rank of, Which const& which)
{
    auto const found = std::find_if(all_.begin(), all_.end(), [&](http_guest const& one) {
        return one.rank_ == of && which(one);
    });
    return found == all_.end() ? nullptr : &*found;
}

void http_slots::evict(http_guest& one)
{
    count(endpoint_refusal::evicted);
    leave(one);
    one.hang_up();
}

void http_slots::leave(http_guest& one)
{
    if (!one.is_linked())
        return;
    release(one);
    all_.erase(all_.iterator_to(one));
}

void http_slots::await(http_guest& one)
{
    one.phase_ = http_guest::phase::waiting;
    if (one.is_linked())
        all_.splice(all_.end(), all_, all_.iterator_to(one));
}

bool http_slots::hold_body(http_guest& one, std::size_t size)
{
    auto const others = bodies_ - one.body_;
    if (!one.is_linked() || size > bounds_.bodies || others > bounds_.bodies - size)
        return false;
    one.body_ = std::max(one.body_, size);
    bodies_ = others + one.body_;
    return true;
}

void http_slots::work(http_guest& one)
{
    one.phase_ = http_guest::phase::working;
}

void http_slots::answer(http_guest& one, std::size_t size)
{
    release(one);
    if (!one.is_linked())
        return;
    one.phase_ = http_guest::phase::answering;
    all_.splice(all_.end(), all_, all_.iterator_to(one));
    one.answer_ = size;
    answers_ += size;
    auto const is_slow = [&](http_guest const& other) {
        return &other != &one && other.phase_ == http_guest::phase::answering;
    };
    while (answers_ > bounds_.answers) {
        auto* slow = find(http_guest::rank::ordinary, is_slow);
        if (slow == nullptr)
            slow = find(http_guest::rank::privileged, is_slow);
        if (slow == nullptr)
            return;
        evict(*slow);
    }
}

void http_slots::release(http_guest& one)
{
    bodies_ -= std::exchange(one.body_, 0);
    answers_ -= std::exchange(one.answer_, 0);
}

void http_slots::count(endpoint_refusal why)
{
    ++refused_.at(static_cast<std::size_t>(why));
}

}  // namespace gatehouse
