#include "base/unfinished.h"

namespace gatehouse {

void unfinished::append(slot at) noexcept
{
    nodes_[at].older = newest_;
    nodes_[at].newer = nowhere;
    (newest_ == nowhere ? oldest_ : nodes_[newest_].newer) = at;
    newest_ = at;
}

void unfinished::take_out(slot at) noexcept
{
    auto const& one = nodes_[at];
    (one.older == nowhere ? oldest_ : nodes_[one.older].newer) = one.newer;
    (one.newer == nowhere ? newest_ : nodes_[one.newer].older) = one.older;
}

void unfinished::note(slot& at, holder who, std::size_t size, part what)
{
    bool const is_new = at == nowhere;
    if (is_new && free_.empty()) {
        at = static_cast<slot>(nodes_.size());
        nodes_.emplace_back();
        free_.reserve(nodes_.capacity());
    } else if (is_new) {
        at = free_.back();
        free_.pop_back();
    } else if (what == part::of_a_new_one) {
        take_out(at);
    }
    if (is_new || what == part::of_a_new_one)
        append(at);
    size_ += size - std::exchange(nodes_[at].size, size);
    nodes_[at].who = who;
    while (size_ > most_ && oldest_ != at) {
        auto const asked = oldest_;
        auto const oldest = nodes_[asked].who;
        ++made_way_;
        oldest.yield_to(oldest.who);
        if (oldest_ == asked)
            return;
    }
}

void unfinished::drop(slot& at) noexcept
{
    if (at == nowhere)
        return;
    take_out(at);
    size_ -= std::exchange(nodes_[at].size, 0);
    free_.push_back(std::exchange(at, nowhere));
}

}  // namespace gatehouse
