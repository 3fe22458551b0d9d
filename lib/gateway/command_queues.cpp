#include "gateway/command_queues.h"

#include <algorithm>

namespace gatehouse {

void command_queues::add(forwarded_command&& what)
{
    queues_.resize(std::max(queues_.size(), what.backend + 1));
    queues_[what.backend].commands.push_back(std::move(what));
    ++waiting_;
}

forwarded_command command_queues::take_first(queue& from)
{
    auto first = std::move(from.commands[from.first]);
    ++from.first;
    --waiting_;
    if (from.empty()) {
        from.commands.clear();
        from.first = 0;
    } else if (from.first >= commands_a_turn && from.first > from.commands.size() / 2) {
        auto const begin = from.commands.begin();
        from.commands.erase(begin, begin + static_cast<std::ptrdiff_t>(from.first));
        from.first = 0;
    }
    return first;
}

}  // namespace gatehouse
