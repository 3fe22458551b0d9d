// How much of a worker's time requests may take that prove nothing: a part of a core, shared by
// where they come from (gateway/source_shares.h). Who proves a key takes none of it.
//
// One a worker, for all of its listeners; on its thread.
#pragma once

#include "base/time.h"
#include "gateway/source_shares.h"

#include <cstdint>
#include <optional>

namespace gatehouse {

class agreement_budget {
public:
    // `seed` is drawn at random.
    explicit agreement_budget(std::uint64_t seed) : seed_{seed} {}

    // May a key agreement be made for a packet?
    bool take(time_point now, source_shares::asker const& who);
    // The packet proved a key, or nothing was spent on it.
    void give_back(source_shares::asker const& who);
    // It did not, and took so much of a core's time.
    void charge(time_point now, source_shares::asker const& who, duration spent);

private:
    std::uint64_t seed_;
    std::optional<source_shares> shares_;  // once an agreement was asked for
    duration owed_{};                      // besides the units taken
};

}  // namespace gatehouse
