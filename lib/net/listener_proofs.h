// Who proved a key at one listener lately (gateway/recent_proofs.h). Any thread.
#pragma once

#include "base/address.h"
#include "gateway/recent_proofs.h"
#include "gateway/source_shares.h"
#include "identity/device_id.h"
#include "net/clock.h"

#include <string>
#include <utility>

namespace gatehouse {

class listener_proofs {
public:
    listener_proofs(recent_proofs& all, std::string listener)
        : all_{all}
        , listener_{std::move(listener)}
    {
    }

    standing standing_of(peer_address const& from) const
    {
        bool const known = all_.knows(all_.source_at(listener_, from), read_wall_clock());
        return known ? standing::proven : standing::unknown;
    }

    // Whoever asks for a share of something scarce. `device` is whom it claims to be, if anybody.
    source_shares::asker asker_at(peer_address const& from, identity::device_id const& device) const
    {
        source_shares::asker made{from, standing_of(from)};
        auto const subject = subject_of(device);
        if (device != identity::device_id{} && all_.knows(subject, read_wall_clock()))
            made.proven_device = subject;
        return made;
    }

    // A device has proven itself there, or had a session until now.
    void remember(peer_address const& from, identity::device_id const& device)
    {
        auto const now = read_wall_clock();
        all_.remember(all_.source_at(listener_, from), now);
        all_.remember(subject_of(device), now);
    }

private:
    recent_proofs::subject subject_of(identity::device_id const& device) const
    {
        identity::device_id::text_buffer text;
        return all_.device_at(listener_, device.text(text));
    }

    recent_proofs& all_;
    std::string listener_;
};

}  // namespace gatehouse
