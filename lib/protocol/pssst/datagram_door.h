// The door of a PSSST listener over UDP: answers what is known already, and opens a session for
// each request (docs/protocols/pssst.md, "Repetition").
#pragma once

#include "base/chunk_pool.h"
#include "protocol/datagram_door.h"
#include "protocol/pssst/duplicate_cache.h"
#include "protocol/pssst/environment.h"

#include <cstddef>
#include <vector>

namespace gatehouse::pssst {

// The byte of a request that chooses its worker: of the DH value, so that a repetition finds the
// worker that remembers, whatever address it comes from.
inline constexpr std::size_t worker_byte_offset = header_size;

// What the sessions of one door share besides `environment`.
struct datagram_environment {
    environment& common;
    chunk_pool& memory;                    // of the sessions themselves
    std::vector<std::uint8_t>& untouched;  // the packet, while more keys may have to be tried
};

class datagram_door final : public gatehouse::datagram_door {
public:
    // `common` outlives the door.
    explicit datagram_door(environment& common);

    style serves() const override { return style::requests; }
    datagram_look look(bytes datagram) const override;
    // A request that was accepted before is answered with the same bytes, or with nothing.
    welcome meet(time_point now, peer_address const& from, bytes request, output& out) override;
    // For one request, which gets its reply before `deadline`.
    datagram_session_ptr open(time_point deadline) override;
    // Requests need no room while they wait for it: their port refuses them.
    void set_backend_capacity(bool) override {}
    bool asks_for_proof(time_point) override { return false; }

    memory_figures take_memory_figures() override;

private:
    bool was_accepted(dh_value const& dh);

    chunk_pool memory_;
    std::vector<std::uint8_t> untouched_;
    datagram_environment shared_;
};

}  // namespace gatehouse::pssst
