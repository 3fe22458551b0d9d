// Which 0.2/0.3 device expects which session-id length (docs/protocols/usmp.md, "0.2 or 0.3").
//
// The two cannot be told apart before SESSION_OK, so the gateway guesses, and learns from a device
// that proved itself and then left at once. Bounded; one table a worker, on its thread.
#pragma once

#include "identity/device_id.h"
#include "identity/keyring.h"

#include <cstddef>
#include <deque>
#include <unordered_map>
#include <vector>

namespace gatehouse::usmp {

struct legacy_hint {
    identity::device_id device;
    identity::session_id_length length = identity::session_id_length::unknown;
};

class legacy_hints {
public:
    explicit legacy_hints(std::size_t capacity) : capacity_{capacity} {}

    identity::session_id_length find(identity::device_id const& device) const;

    // Takes a hint in, learned here or told by another worker. Forgets the oldest when full.
    void remember(legacy_hint const& hint);

    // Learns from a session of this worker; the news wait for `take_news`.
    void learn(legacy_hint const& hint);

    // What was learned since the last call, for the other workers.
    std::vector<legacy_hint> take_news();
    bool has_news() const noexcept { return !news_.empty(); }

private:
    std::size_t capacity_;
    std::unordered_map<identity::device_id, identity::session_id_length> lengths_;
    std::deque<identity::device_id> order_;
    std::vector<legacy_hint> news_;
};

}  // namespace gatehouse::usmp
