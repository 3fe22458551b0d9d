// The JSON documents that administration answers with (docs/reference/admin-api.md).
#pragma once

#include "config/problem.h"
#include "gateway/device_directory.h"
#include "gateway/session_row.h"
#include "identity/keyring.h"
#include "net/shared_snapshot.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <optional>

namespace gatehouse {

boost::json::object version_document();

boost::json::array problems_document(config::problems const& list);

// What the times of a session row are told against.
struct present {
    wall_time wall;
    time_point now;
};
boost::json::object session_document(
    session_row const& row, shared_snapshot const& snapshot, present const& when
);

// One device of the set at `slot`; `seen` if it was.
boost::json::object device_document(
    identity::device_id const& device,
    credential_slot const& set,
    std::optional<device_sighting> const& seen,
    wall_time now
);

// {"active": 3, ...}
boost::json::object states_document(identity::key_counts const& counts);

// What the settings say of a credential set, by its slot; the slot is not empty.
config::credential_set const& settings_of_set(shared_snapshot const& snapshot, std::size_t slot);

}  // namespace gatehouse
