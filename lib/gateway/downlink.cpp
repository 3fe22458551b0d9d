#include "gateway/downlink.h"

#include <utility>

namespace gatehouse {

namespace {

errand make_errand(backend::command const& command, std::size_t backend, std::uint8_t origin)
{
    return {
        .kind = command.kind,
        .backend = backend,
        .origin = origin,
        .session = command.session,
        .device = {},
        .payload = {command.payload.begin(), command.payload.end()},
    };
}

}  // namespace

result<> downlink::obey(backend::command const& command, std::size_t backend)
{
    return command.session != session_id{} ? obey_by_session(command, backend)
                                           : obey_by_device(command, backend);
}

result<> downlink::obey_by_session(backend::command const& command, std::size_t backend)
{
    auto const owner = command.session.worker();
    if (owner == here_.worker)
        return act(command.session, command.kind, backend, command.payload);
    if (owner >= here_.workers)
        return error::backend_unknown_session;
    post_.send(owner, make_errand(command, backend, here_.worker));
    return {};
}

// The device's home knows where its sessions are; elsewhere the errand goes there to learn it.
result<> downlink::obey_by_device(backend::command const& command, std::size_t backend)
{
    auto const device = identity::device_id::find(command.device);
    if (!device)
        return error::backend_unknown_device;
    auto next = home_of(*device, here_.workers);
    session_id session;
    if (next == here_.worker) {
        if (directory_.has_several_requests(*device))
            return error::backend_ambiguous_device;
        auto const newest = directory_.newest(*device, backend);
        if (!newest)
            return error::backend_unknown_device;
        session = *newest;
        next = session.worker();
        if (next == here_.worker)
            return act(session, command.kind, backend, command.payload);
    }
    auto sent = make_errand(command, backend, here_.worker);
    sent.device = *device;
    sent.session = session;
    post_.send(next, std::move(sent));
    return {};
}

void downlink::take(errand&& what)
{
    if (what.session == session_id{}) {
        if (directory_.has_several_requests(what.device)) {
            post_.failed(std::move(what), error::backend_ambiguous_device);
            return;
        }
        auto const session = directory_.newest(what.device, what.backend);
        if (!session) {
            post_.failed(std::move(what), error::backend_unknown_device);
            return;
        }
        what.session = *session;
        if (session->worker() != here_.worker) {
            post_.send(session->worker(), std::move(what));
            return;
        }
    }
    auto const done = act(what.session, what.kind, what.backend, what.payload);
    if (!done)
        post_.failed(std::move(what), done.error());
}

result<> downlink::act(
    session_id session, backend::command_kind kind, std::size_t backend, bytes payload
)
{
    auto* live = sessions_.find(session);
    if (live == nullptr || live->backend() != backend)
        return error::backend_unknown_session;
    if (kind == backend::command_kind::data)
        return live->deliver(payload);
    live->end(end_reason::backend);
    return {};
}

}  // namespace gatehouse
