// Where devices were last seen: which of the keys that a hello may be signed with to try first
// (docs/protocols/spp.md, "Whose hello").
//
// Learns from authenticated devices only; wrong hints cost a trial and decide nothing. Bounded; one
// table a listener and worker, on that worker's thread. Takes no memory before it learns.
#pragma once

#include "identity/public_key.h"
#include "identity/source_range.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace gatehouse::spp {

class source_hints {
public:
    // `sets` of `ways` hints each; a set serves the sources that hash to it.
    source_hints(std::size_t sets, std::size_t ways) : sets_{sets}, ways_{ways} {}

    void learn(identity::source_address const& from, identity::public_key const& key);

    struct hint {
        identity::source_address from{};
        identity::public_key key{};
        bool used = false;
    };
    // Those of the set that serves `from`, last seen first: the caller skips those from elsewhere.
    // Valid until `learn`.
    std::span<hint const> near(identity::source_address const& from) const noexcept;

private:
    std::size_t start_of(identity::source_address const& from) const noexcept;

    std::size_t sets_;
    std::size_t ways_;
    std::vector<hint> hints_;
};

}  // namespace gatehouse::spp
