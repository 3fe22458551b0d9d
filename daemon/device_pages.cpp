#include "device_pages.h"

#include <algorithm>

namespace gatehouse {

namespace {

bool in_order(identity::device_id const& one, identity::device_id const& other) noexcept
{
    return one.precedes(other);
}

}  // namespace

std::vector<identity::device_id> device_pages::page(
    std::shared_ptr<identity::keyring const> const& ring,
    std::optional<identity::device_id> const& after,
    std::size_t size
)
{
    auto const is_enough = [&](devices::const_iterator first) {
        return to_the_end_ || static_cast<std::size_t>(found_.end() - first) >= size;
    };
    auto first = of_.lock() == ring ? behind(after) : found_.cend();
    if (of_.lock() != ring || (after_ && !after) || (first == found_.end() && !to_the_end_) ||
        (after && after_ && after->precedes(*after_)) || !is_enough(first)) {
        walk(*ring, after, std::max(size, found_a_walk));
        of_ = ring;
        first = found_.begin();
    }
    return {
        first,
        first + std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(size), found_.end() - first)};
}

device_pages::devices::const_iterator device_pages::behind(
    std::optional<identity::device_id> const& after
) const
{
    return after ? std::upper_bound(found_.begin(), found_.end(), *after, in_order)
                 : found_.begin();
}

void device_pages::walk(
    identity::keyring const& ring, std::optional<identity::device_id> const& after, std::size_t most
)
{
    ++walks_;
    after_ = after;
    to_the_end_ = true;
    found_.clear();  // a heap meanwhile, the last one on top
    ring.for_each_device([&](auto const& device, auto const&) {
        if (after && !after->precedes(device))
            return;
        if (found_.size() == most) {
            to_the_end_ = false;
            if (!device.precedes(found_.front()))
                return;
            std::pop_heap(found_.begin(), found_.end(), in_order);
            found_.pop_back();
        }
        found_.push_back(device);
        std::push_heap(found_.begin(), found_.end(), in_order);
    });
    std::sort_heap(found_.begin(), found_.end(), in_order);
}

}  // namespace gatehouse
