// Where devices were last seen: which of the keys that a hello may be signed with to try first
// (docs/protocols/spp.md, "Whose hello").
//
// Learns from authenticated devices only; wrong hints cost a trial and decide nothing. Bounded; one
// table for all listeners, shared by all workers and therefore locked; touched once a hello and
// once a session. Takes no memory before it learns. Lives through restarts in a file.
#pragma once

#include "base/bytes.h"
#include "identity/public_key.h"
#include "identity/source_range.h"
#include "protocol/spp/limits.h"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <vector>

namespace gatehouse::spp {

class source_hints {
public:
    // `sets` of `ways` hints each; a set serves the sources that hash to it.
    source_hints(std::size_t sets, std::size_t ways) : sets_{sets}, ways_{ways} {}

    void learn(identity::source_address const& from, identity::public_key const& key);

    // Those of the devices at `from`, last seen first, at most as many as a set has: into `found`,
    // whose memory is used again.
    void look_up(identity::source_address const& from, std::vector<identity::public_key>& found)
        const;

    std::vector<std::uint8_t> save() const;
    static constexpr std::string_view save_mark = "GATEHOUSE-SPP-01";
    static constexpr std::size_t saved_hint = 16 + 32;
    static constexpr std::size_t largest_save =
        save_mark.size() + 8 + limits::hint_sets * limits::hints_a_set * saved_hint;

    // Learns what was saved. False when these are not the bytes of a `save`.
    bool load(bytes saved);

private:
    struct hint {
        identity::source_address from{};
        identity::public_key key{};
        bool used = false;
    };
    std::size_t start_of(identity::source_address const& from) const noexcept;

    std::size_t sets_;
    std::size_t ways_;
    mutable std::mutex mutex_;
    std::vector<hint> hints_;
};

}  // namespace gatehouse::spp
