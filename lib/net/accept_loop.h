// What every accepting socket does: accept for ever, and pause when that fails. No memory for a
// connection, or for the accept itself, is a failure like others, not the end.
#pragma once

#include "net/limits.h"
#include "net/task.h"

#include <cstdint>
#include <exception>
#include <thread>
#include <utility>

namespace gatehouse {

inline bool is_of_descriptors(boost::system::error_code const& failure)
{
    namespace errc = boost::system::errc;
    return failure == errc::too_many_files_open || failure == errc::too_many_files_open_in_system;
}

enum class after_accept : std::uint8_t { go_on, pause };

// `Server` has: is_accepting(); listening(); pause_timer(); on_accept(failure, socket), which says
// what follows; on_accept_thrown(), without exceptions; on_accept_ended().
template <class Server>
task accept_loop(Server& server)
{
    while (server.is_accepting()) {
        auto next = after_accept::pause;
        try {
            auto [failure, arrived] = co_await server.listening().async_accept(awaiting);
            next = server.on_accept(failure, std::move(arrived));
        } catch (std::exception const&) {
            server.on_accept_thrown();
        }
        if (next == after_accept::go_on)
            continue;
        try {
            server.pause_timer().expires_after(net_limits::accept_pause);
            auto const [cancelled] = co_await server.pause_timer().async_wait(awaiting);
            static_cast<void>(cancelled);
        } catch (std::exception const&) {
            // Not even a wait: others need the time to give memory back.
            std::this_thread::sleep_for(net_limits::blind_pause);
        }
    }
    server.on_accept_ended();
}

}  // namespace gatehouse
