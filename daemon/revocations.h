// How many of a credential set's live sessions a reload ends, for the log: a file that lost half of
// its devices by mistake is a change like any other, and is not held back.
//
// Main thread; counts what the workers count.
#pragma once

#include "net/shared_snapshot.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gatehouse {

class revocations {
public:
    // One in so many of a set's sessions is worth a warning.
    static constexpr std::uint64_t few = 10;

    explicit revocations(std::shared_ptr<shared_snapshot const> before);

    // When all sessions of all workers have been looked at.
    void warn() const;

private:
    struct set {
        std::string name;
        std::uint64_t sessions = 0;
        std::uint64_t revoked = 0;  // ever
    };
    std::uint64_t revoked_of(std::size_t slot) const;

    std::shared_ptr<shared_snapshot const> before_;
    std::vector<set> sets_;  // by slot
};

}  // namespace gatehouse
