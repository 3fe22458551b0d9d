#include "revocations.h"

#include "base/end_reason.h"
#include "net/log.h"

#include <utility>

namespace gatehouse {

revocations::revocations(std::shared_ptr<shared_snapshot const> before) : before_{std::move(before)}
{
    for (std::size_t slot = 0; slot < before_->credentials.size(); ++slot) {
        auto& made = sets_.emplace_back();
        made.name = before_->credentials[slot].name;
        made.revoked = revoked_of(slot);
        for (auto const& cells : before_->cells)
            for (std::size_t key = 0; key < cells.credential_sessions[slot].size(); ++key)
                made.sessions += cells.credential_sessions[slot][key].value();
    }
}

std::uint64_t revocations::revoked_of(std::size_t slot) const
{
    static constexpr auto revoked = static_cast<std::size_t>(end_reason::revoked);
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < before_->listeners.size(); ++i) {
        if (!before_->listeners[i].config || before_->listeners[i].credentials != slot)
            continue;
        for (auto const& cells : before_->cells)
            sum += cells.listeners[i].closed.at(revoked).value();
    }
    return sum;
}

void revocations::warn() const
{
    for (std::size_t slot = 0; slot < sets_.size(); ++slot) {
        auto const& before = sets_[slot];
        auto const ended = revoked_of(slot) - before.revoked;
        if (ended * few <= before.sessions || ended == 0)
            continue;
        log::write(
            log::level::warn,
            "sessions revoked",
            {{"credentials", before.name},
             {"sessions", ended},
             {"of", before.sessions},
             {"detail", "the keys that opened them are gone from what was loaded"}}
        );
    }
}

}  // namespace gatehouse
