// Who gets a handshake, and who makes way for it: one set of rules for every transport.
//
// A working device is done within moments. When there is no room, somebody of a source that crowds
// the others makes way at once; else one of the newcomer's own address; else one that has owed its
// proof for long, of its own network, or of one that has more.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "gateway/admission.h"
#include "gateway/unproven_order.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace gatehouse {

class handshake_gate {
public:
    // How long a handshake may take before it makes way for others.
    static constexpr std::chrono::seconds patience{1};

    // What is known of the newcomer's device.
    enum class newcomer : std::uint8_t {
        said_hello,   // and will not say it again: one of its own address makes way at once
        repeats,      // its hello if it is refused: own handshakes have time, too
        said_nothing  // only crowds make way for it
    };

    struct limits {
        std::uint32_t handshakes = 0;  // of all workers
        std::uint32_t handshakes_per_address = 0;
        std::size_t workers = 1;
    };

    // `open` are those of the ledger that are this worker's.
    handshake_gate(admission& ledger, unproven_order const& open, limits const& most)
        : ledger_{ledger}
        , open_{open}
        , limits_{most}
    {
    }

    struct question {
        admission::asker who;
        newcomer what = newcomer::said_hello;
        session_capacity wanted = session_capacity::now;
        // It makes way whether there is room or not: the newcomer's device has too many here.
        std::optional<unproven_order::slot> surplus{};
    };
    struct answer {
        result<> admitted;
        // Who is to be evicted then, and for which limit.
        std::optional<unproven_order::slot> goes{};
        error full{};
        bool others_have_more = false;  // refused, and who crowds may be at another worker
    };
    answer ask(time_point now, question const& asked);

    // Of this worker's: nobody for a limit that is not one of handshakes at once.
    std::optional<unproven_order::slot> eviction_candidate(
        time_point now, error full, peer_address const& for_whom, newcomer what
    ) const;

private:
    bool is_below_own_share(error full, source_prefix const& source) const;

    admission& ledger_;
    unproven_order const& open_;
    limits limits_;
};

}  // namespace gatehouse
