// Commands of other workers' backend connections that wait for their turn: one queue a backend.
//
// A turn takes a bounded share from each queue, so that a backend never waits longer than one turn
// for another. The queues are bounded by what connections may have under way
// (net_limits::forwarded_bytes).
#pragma once

#include "gateway/forwarded_command.h"

#include <cstddef>
#include <utility>
#include <vector>

namespace gatehouse {

class command_queues {
public:
    // A backend's share of a turn ends with the command that reaches either bound.
    static constexpr std::size_t commands_a_turn = 64;
    static constexpr std::size_t bytes_a_turn = std::size_t{64} << 10;

    bool empty() const noexcept { return waiting_ == 0; }

    void add(forwarded_command&& what);

    // `execute` takes a forwarded_command&&, and does not add to the queues.
    template <class Execute>
    void take_turn(Execute const& execute)
    {
        for (auto& one : queues_) {
            std::size_t taken = 0;
            for (std::size_t i = 0; i < commands_a_turn && taken < bytes_a_turn && !one.empty();
                 ++i) {
                auto next = take_first(one);
                taken += next.cost();
                execute(std::move(next));
            }
        }
    }

private:
    struct queue {
        std::vector<forwarded_command> commands;  // from `first` on
        std::size_t first = 0;

        bool empty() const noexcept { return first == commands.size(); }
    };

    forwarded_command take_first(queue& from);

    std::vector<queue> queues_;  // by the backend's slot
    std::size_t waiting_ = 0;
};

}  // namespace gatehouse
