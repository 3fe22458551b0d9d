// What to do with a backend's command: here, elsewhere, or not at all.
//
// The commands of one worker's links come here; those for sessions of other workers travel as
// values (gateway/forwarded_command.h) and come out here again on the right worker.
#pragma once

#include "backend/record.h"
#include "base/result.h"
#include "base/session_id.h"
#include "gateway/device_directory.h"
#include "gateway/forwarded_command.h"
#include "gateway/session_table.h"
#include "identity/device_id.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace gatehouse {

class downlink {
public:
    struct position {
        std::uint8_t worker = 0;
        std::size_t workers = 1;
    };

    // Whose command it is.
    struct source {
        std::size_t backend = 0;
        std::size_t largest_message = 0;  // that any of its sessions can take
    };

    downlink(
        position here,
        session_table& sessions,
        device_directory& directory,
        command_carrier& carrier
    )
        : here_{here}
        , sessions_{sessions}
        , directory_{directory}
        , carrier_{carrier}
    {
    }

    // A data or close command from this worker's link to a backend. An error is to be answered with
    // an error record at once. Otherwise the answer is what a command that was forwarded counts
    // against its connection until it is sent back, 0 for one that was executed here.
    result<std::size_t> execute(backend::command const& command, source from);

    // A forwarded command that reached this worker.
    void take(forwarded_command&& what);

    // One that is back and was looked at: its memory is used again.
    void recycle(forwarded_command&& done);

private:
    static constexpr std::size_t spare_commands = 256;
    static constexpr std::size_t spare_size = std::size_t{4} << 10;  // bytes of payload kept, each

    struct request {
        backend::command_kind kind = backend::command_kind::data;
        bytes payload;
        std::string_view status;
    };

    static request asked_by(backend::command const& command) noexcept
    {
        return {command.kind, command.payload, command.status};
    }
    result<> act(session_id session, std::size_t backend, request const& what);
    result<> find_session(forwarded_command& what) const;
    result<std::size_t> execute_by_session(backend::command const& command, source from);
    result<std::size_t> execute_by_device(backend::command const& command, source from);
    forwarded_command copy_of(backend::command const& command, std::size_t backend);

    position here_;
    session_table& sessions_;
    device_directory& directory_;
    command_carrier& carrier_;
    std::vector<forwarded_command> spare_;
};

}  // namespace gatehouse
