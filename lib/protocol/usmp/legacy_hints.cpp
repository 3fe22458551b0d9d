#include "protocol/usmp/legacy_hints.h"

#include <utility>

namespace gatehouse::usmp {

identity::session_id_length legacy_hints::find(identity::device_id const& device) const
{
    auto const found = lengths_.find(device);
    return found == lengths_.end() ? identity::session_id_length::unknown : found->second;
}

void legacy_hints::remember(legacy_hint const& hint)
{
    auto const [known, is_new] = lengths_.insert_or_assign(hint.device, hint.length);
    if (!is_new)
        return;
    order_.push_back(hint.device);
    if (order_.size() > capacity_) {
        lengths_.erase(order_.front());
        order_.pop_front();
    }
}

void legacy_hints::learn(legacy_hint const& hint)
{
    remember(hint);
    news_.push_back(hint);
}

std::vector<legacy_hint> legacy_hints::take_news()
{
    return std::exchange(news_, {});
}

}  // namespace gatehouse::usmp
