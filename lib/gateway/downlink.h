// What to do with a backend's command: here, elsewhere, or not at all.
//
// The commands of one worker's links come here; those for sessions of other workers travel as
// values
// (`errand`) through the `errands` interface and come out here again on the right worker.
#pragma once

#include "backend/record.h"
#include "base/result.h"
#include "base/session_id.h"
#include "gateway/device_directory.h"
#include "gateway/session_table.h"
#include "identity/device_id.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gatehouse {

// A command on its way to another worker: owns what it carries.
struct errand {
    backend::command_kind kind = backend::command_kind::data;
    std::size_t backend = 0;  // whose command it is
    std::uint8_t origin = 0;  // the worker that answers the backend should it fail
    session_id session;       // value 0 while only the device is known
    identity::device_id device;
    std::vector<std::uint8_t> payload;
};

// How an errand travels. Implemented over posted values in net.
class errand_post {
public:
    virtual void send(std::uint8_t worker, errand&& what) = 0;
    // Tells the origin's link that the errand failed.
    virtual void failed(errand&& what, error why) = 0;

protected:
    errand_post() = default;
    ~errand_post() = default;
    errand_post(errand_post const&) = default;
    errand_post& operator=(errand_post const&) = default;
};

class downlink {
public:
    struct place {
        std::uint8_t worker = 0;
        std::size_t workers = 1;
    };

    downlink(place here, session_table& sessions, device_directory& directory, errand_post& post)
        : here_{here}
        , sessions_{sessions}
        , directory_{directory}
        , post_{post}
    {
    }

    // A data or close command from this worker's link to `backend`. An error is to be answered with
    // an error record at once; an errand that fails later comes back through errand_post::failed.
    result<> obey(backend::command const& command, std::size_t backend);

    // An errand that reached this worker.
    void take(errand&& what);

private:
    result<> act(
        session_id session, backend::command_kind kind, std::size_t backend, bytes payload
    );
    result<> obey_by_session(backend::command const& command, std::size_t backend);
    result<> obey_by_device(backend::command const& command, std::size_t backend);

    place here_;
    session_table& sessions_;
    device_directory& directory_;
    errand_post& post_;
};

}  // namespace gatehouse
