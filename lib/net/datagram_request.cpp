#include "net/datagram_request.h"

#include "net/clock.h"
#include "net/datagram_endpoint.h"
#include "net/request_endpoint.h"
#include "net/worker.h"

#include <utility>

namespace gatehouse {

datagram_request::datagram_request(
    request_endpoint& requests, arrived_datagram const& packet, datagram_session_ptr session
)
    : requests_{requests}
    , endpoint_{requests.endpoint()}
    , session_{std::move(session)}
    , peer_{packet.from}
    , local_{endpoint_.locals().number_of(packet.at)}
{
    ++endpoint_.listener().references;
    endpoint_.owner().connection_opened();
    session_->carried_by(*this);
}

datagram_request::~datagram_request()
{
    --endpoint_.listener().references;
}

session_registration::session_context datagram_request::session_context()
{
    return {endpoint_.owner(), endpoint_.listener(), peer_};
}

void datagram_request::begin(output& out)
{
    auto const facts = session_->facts();
    registration_.begin(session_context(), facts, *this, std::nullopt);
    registration_.pass_up(session_context(), facts, out, backend::receipt::none);
    endpoint_.owner().schedule(*this, session_->deadline());
}

result<> datagram_request::deliver(bytes message)
{
    if (!registration_.active())
        return error::internal_closed;
    auto& owner = endpoint_.owner();
    auto& out = owner.out();
    out.clear();
    auto const sent = session_->send(owner.now(), message, out);
    if (!sent)
        return sent;
    session_registration::count_down(endpoint_.listener(), message.size());
    endpoint_.send(out.wire.all(), peer_, endpoint_.locals().at(local_));
    finish(end_reason::done);
    requests_.publish();
    return {};
}

void datagram_request::end(end_reason reason)
{
    if (reason != end_reason::shutdown)
        finish(reason);
}

void datagram_request::cut()
{
    finish(end_reason::shutdown);
}

std::size_t datagram_request::backend() const
{
    return endpoint_.listener().link.index();
}

session_row datagram_request::look() const
{
    return registration_.look(*session_, endpoint_.listener(), peer_);
}

void datagram_request::review(snapshot_change const& change)
{
    if (!endpoint_.listener().is_concerned(change))
        return;
    using verdict = identity::key_standing::verdict;
    auto const standing = endpoint_.listener().standing_of(session_->facts(), change);
    if (endpoint_.listener().retired) {
        finish(end_reason::admin);
    } else if (standing.what == verdict::gone) {
        finish(end_reason::revoked);
    } else if (standing.what == verdict::window_changed) {
        session_->set_key_window(standing.window, read_wall_clock(), endpoint_.owner().now());
        endpoint_.owner().schedule(*this, session_->deadline());
    }
}

void datagram_request::clock_stepped()
{
    if (auto const window = endpoint_.listener().window_after_step(session_->facts()))
        session_->set_key_window(*window, read_wall_clock(), endpoint_.owner().now());
    endpoint_.owner().schedule(*this, session_->deadline());
}

void datagram_request::wake()
{
    if (registration_.active())
        endpoint_.owner().schedule(*this, endpoint_.owner().now());
}

time_point datagram_request::on_due(time_point now)
{
    if (!registration_.active())
        return never;
    auto const fine = session_->on_deadline(now, endpoint_.owner().out());
    if (fine)
        return session_->deadline();
    finish(reason_of(fine.error()), fine.error());
    return never;
}

void datagram_request::finish(end_reason reason, std::optional<error> why)
{
    if (!registration_.active())
        return;
    auto& owner = endpoint_.owner();
    auto const facts = session_->facts();
    registration_.end(session_context(), facts, reason, why);
    owner.sessions().remove(facts.id);
    owner.connection_closed();
    if (is_linked())
        unlink();
    requests_.delete_later(*this);
}

}  // namespace gatehouse
