// What is worth knowing after a restart, of all listeners. Losing it is harmless.
//
// Shared by all workers; each part says how.
#pragma once

#include "base/bytes.h"
#include "base/time.h"
#include "gateway/recent_proofs.h"
#include "protocol/spp/source_hints.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace gatehouse {

struct lasting_memory {
    lasting_memory();

    recent_proofs proofs;
    spp::source_hints spp_hints;

    // As files.
    struct part {
        std::string_view file;
        std::size_t largest;
        std::vector<std::uint8_t> (*save)(lasting_memory const& from, wall_time now);
        bool (*load)(lasting_memory& into, bytes saved);  // before any worker runs
    };
    static std::array<part, 2> const& parts() noexcept;
};

}  // namespace gatehouse
