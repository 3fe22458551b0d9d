#include "protocol/pssst/sender_table.h"

#include <utility>

namespace gatehouse::pssst {

namespace {

constexpr std::size_t first_buckets = 16;

}  // namespace

sender_table::sender_table() : buckets_(first_buckets, nobody) {}

sender_table::number& sender_table::bucket_of(identity::device_id const& device) noexcept
{
    return buckets_[hash_value(device) & (buckets_.size() - 1)];
}

sender_table::number sender_table::slot_of(identity::device_id const& device)
{
    for (auto each = bucket_of(device); each != nobody; each = at(each).next)
        if (at(each).device == device)
            return each;
    if (size_ == buckets_.size())
        grow();
    if (unused_ == nobody) {
        all_.emplace_back();
        unused_ = static_cast<number>(all_.size() - 1);
    }
    auto const made = std::exchange(unused_, at(unused_).next);
    auto& bucket = bucket_of(device);
    at(made) = {.device = device, .next = std::exchange(bucket, made)};
    ++size_;
    return made;
}

void sender_table::let_go(number slot) noexcept
{
    auto& gone = at(slot);
    if (gone.held > 0)
        return;
    auto* link = &bucket_of(gone.device);
    while (*link != slot)
        link = &at(*link).next;
    *link = gone.next;
    gone.next = std::exchange(unused_, slot);
    --size_;
}

void sender_table::grow()
{
    auto const before = std::exchange(buckets_, std::vector<number>(2 * buckets_.size(), nobody));
    for (auto first : before)
        while (first != nobody) {
            auto const following = at(first).next;
            at(first).next = std::exchange(bucket_of(at(first).device), first);
            first = following;
        }
}

}  // namespace gatehouse::pssst
