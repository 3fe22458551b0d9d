#include "gateway/downlink.h"

#include <algorithm>
#include <utility>

namespace gatehouse {

result<std::size_t> downlink::execute(backend::command const& command, source from)
{
    return command.session != session_id{} ? execute_by_session(command, from)
                                           : execute_by_device(command, from);
}

result<std::size_t> downlink::execute_by_session(backend::command const& command, source from)
{
    auto const owner = command.session.worker();
    if (owner == here_.worker) {
        auto const done = act(command.session, from.backend, asked_by(command));
        if (!done)
            return done.error();
        return std::size_t{0};
    }
    if (owner >= here_.workers)
        return error::backend_unknown_session;
    if (std::max(command.payload.size(), command.status.size()) > from.largest_message)
        return error::limit_message_size;
    auto sent = copy_of(command, from.backend);
    auto const cost = sent.cost();
    carrier_.forward(owner, std::move(sent));
    return cost;
}

// The device's home knows where its sessions are; elsewhere the command goes there to learn it.
result<std::size_t> downlink::execute_by_device(backend::command const& command, source from)
{
    auto const device = identity::device_id::find(command.device);
    if (!device)
        return error::backend_unknown_device;
    forwarded_command found;
    found.backend = from.backend;
    found.device = *device;
    auto next = home_of(*device, here_.workers);
    if (next == here_.worker) {
        auto const known = find_session(found);
        if (!known)
            return known.error();
        next = found.session.worker();
    }
    if (next == here_.worker) {
        auto const done = act(found.session, from.backend, asked_by(command));
        if (!done)
            return done.error();
        return std::size_t{0};
    }
    if (std::max(command.payload.size(), command.status.size()) > from.largest_message)
        return error::limit_message_size;
    auto sent = copy_of(command, from.backend);
    sent.device = *device;
    sent.session = found.session;
    auto const cost = sent.cost();
    carrier_.forward(next, std::move(sent));
    return cost;
}

// On the device's home.
result<> downlink::find_session(forwarded_command& what) const
{
    if (directory_.has_several_requests(what.device))
        return error::backend_ambiguous_device;
    auto const session = directory_.newest(what.device, what.backend);
    if (!session)
        return error::backend_unknown_device;
    what.session = *session;
    return {};
}

void downlink::take(forwarded_command&& what)
{
    result<> done;
    if (what.session == session_id{}) {
        done = find_session(what);
        if (done && what.session.worker() != here_.worker) {
            carrier_.forward(what.session.worker(), std::move(what));
            return;
        }
    }
    if (done)
        done = act(what.session, what.backend, {what.kind, what.payload, what.status});
    if (!done)
        what.failure = done.error();
    what.settled = true;
    carrier_.send_back(std::move(what));
}

result<> downlink::act(session_id session, std::size_t backend, request const& what)
{
    auto* live = sessions_.find(session);
    if (live == nullptr || live->backend() != backend)
        return error::backend_unknown_session;
    if (what.kind == backend::command_kind::data)
        return what.status.empty() ? live->deliver(what.payload)
                                   : live->deliver_last(what.payload, what.status);
    live->end(end_reason::backend);
    return {};
}

forwarded_command downlink::copy_of(backend::command const& command, std::size_t backend)
{
    forwarded_command made;
    if (!spare_.empty()) {
        made = std::move(spare_.back());
        spare_.pop_back();
    }
    made.kind = command.kind;
    made.backend = backend;
    made.origin = here_.worker;
    made.settled = false;
    made.session = command.session;
    made.device = {};
    made.payload.assign(command.payload.begin(), command.payload.end());
    made.status.assign(command.status);
    made.ref.assign(command.ref);
    made.failure.reset();
    return made;
}

void downlink::recycle(forwarded_command&& done)
{
    if (spare_.size() < spare_commands && done.payload.capacity() <= spare_size)
        spare_.push_back(std::move(done));
}

}  // namespace gatehouse
