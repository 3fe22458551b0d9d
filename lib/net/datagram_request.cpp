#include "net/datagram_request.h"

#include "net/clock.h"
#include "net/datagram_port.h"
#include "net/request_desk.h"
#include "net/worker.h"

#include <utility>

namespace gatehouse {

datagram_request::datagram_request(
    request_desk& desk, arrived_datagram const& packet, datagram_session_ptr session
)
    : desk_{desk}
    , port_{desk.port()}
    , session_{std::move(session)}
    , peer_{packet.from}
    , local_{port_.locals().number_of(packet.at)}
{
    ++port_.listener().carried;
    port_.owner().connection_opened();
    session_->carried_by(*this);
}

datagram_request::~datagram_request()
{
    --port_.listener().carried;
}

session_registration::bearer datagram_request::bearer()
{
    return {port_.owner(), port_.listener(), peer_};
}

void datagram_request::begin(output& out)
{
    auto const facts = session_->facts();
    registration_.begin(bearer(), facts, *this, std::nullopt);
    registration_.pass_up(bearer(), facts, out.up, backend::receipt::none);
    port_.owner().schedule(*this, session_->deadline());
}

result<> datagram_request::deliver(bytes message)
{
    if (!registration_.active())
        return error::internal_closed;
    auto& owner = port_.owner();
    auto& out = owner.out();
    out.clear();
    auto const sent = session_->send(owner.now(), message, out);
    if (!sent)
        return sent;
    session_registration::count_down(port_.listener(), message.size());
    port_.send(out.wire.all(), peer_, port_.locals().at(local_));
    finish(end_reason::done);
    desk_.publish();
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
    return port_.listener().link.index();
}

session_row datagram_request::look() const
{
    return registration_.look(*session_, port_.listener(), peer_);
}

void datagram_request::review(house_change const& change)
{
    if (!port_.listener().is_concerned(change))
        return;
    using verdict = identity::key_standing::verdict;
    auto const standing = port_.listener().standing_of(session_->facts(), change);
    if (port_.listener().retired) {
        finish(end_reason::admin);
    } else if (standing.what == verdict::gone) {
        finish(end_reason::revoked);
    } else if (standing.what == verdict::window_changed) {
        session_->set_key_window(standing.window, read_wall_clock(), port_.owner().now());
        port_.owner().schedule(*this, session_->deadline());
    }
}

void datagram_request::clock_stepped()
{
    if (auto const window = port_.listener().window_after_step(session_->facts()))
        session_->set_key_window(*window, read_wall_clock(), port_.owner().now());
    port_.owner().schedule(*this, session_->deadline());
}

void datagram_request::wake()
{
    if (registration_.active())
        port_.owner().schedule(*this, port_.owner().now());
}

time_point datagram_request::on_due(time_point now)
{
    if (!registration_.active())
        return never;
    auto const fine = session_->on_deadline(now, port_.owner().out());
    if (fine)
        return session_->deadline();
    finish(reason_of(fine.error()), fine.error());
    return never;
}

void datagram_request::finish(end_reason reason, std::optional<error> why)
{
    if (!registration_.active())
        return;
    auto& owner = port_.owner();
    auto const facts = session_->facts();
    registration_.end(bearer(), facts, reason, why);
    owner.sessions().remove(facts.id);
    owner.connection_closed();
    if (is_linked())
        unlink();
    desk_.bury(*this);
}

}  // namespace gatehouse
