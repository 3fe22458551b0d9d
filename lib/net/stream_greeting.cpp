// How the connection of a stream listener begins: the first bytes, or the first silence.
#include "net/clock.h"
#include "net/stream_connection.h"
#include "net/worker.h"

#include <algorithm>
#include <utility>

namespace gatehouse {

// Nothing is spent on a connection before its hello is whole; then admission decides.
bool stream_connection::meet(bytes data)
{
    auto const look = listener_.host->streams().look(data);
    switch (look.what) {
    case first_look::verdict::incomplete:
        keep(data, unfinished::part::of_the_same);
        return false;
    case first_look::verdict::refused:
        report().refused(owner_.sampler(), owner_.now(), {look.why, look.device}, [&] {
            return listener_.host->advice(look.why, data);
        });
        close();
        return false;
    case first_look::verdict::hello:
        break;
    }
    if (auto const admitted = ask_admission(handshake_gate::newcomer::said_hello, look.device);
        !admitted) {
        refuse({admitted.error(), look.device});
        return false;
    }
    auto const deadline = since_ + listener_.config.handshake_timeout;
    begin_handshake(listener_.host->streams().open(deadline, peer_));
    return true;
}

void stream_connection::begin_handshake(std::unique_ptr<session> opened)
{
    leave_queue();
    phase_ = phase::handshake;
    session_ = std::move(opened);
    session_->carried_by(*this);
    since_ = owner_.now();
    slot_ = listener_.handshaking.add(*this, since_, peer_);
}

time_point stream_connection::hello_deadline() const
{
    auto const& config = listener_.config;
    bool const is_set = config.hello_timeout.count() > 0;
    return since_ + (is_set ? config.hello_timeout : config.handshake_timeout);
}

// No whole hello yet. Where the protocol lets the gateway speak first, a device that has sent
// nothing is greeted.
time_point stream_connection::on_silence(time_point now)
{
    if (now >= hello_deadline()) {
        refuse({error::limit_hello_time, {}});
        return never;
    }
    if (!partial_.empty() || has_unread())
        return hello_deadline();
    auto const due = later(since_, listener_.host->streams().patience());
    return now >= due ? greet() : std::min(due, hello_deadline());
}

// It costs a handshake slot, but only a crowd makes way for a device that has not spoken.
time_point stream_connection::greet()
{
    if (auto const admitted = ask_admission(handshake_gate::newcomer::said_nothing, {});
        !admitted) {
        refuse({admitted.error(), {}});
        return never;
    }
    auto& out = owner_.out();
    out.clear();
    listener_.host->set_wall_time(read_wall_clock());
    auto const deadline = since_ + listener_.config.handshake_timeout;
    auto opened = listener_.host->streams().greet(deadline, peer_, out);
    if (!opened) {
        listener_.admitted->abandon_handshake(peer_);
        refuse({opened.error(), {}});
        return never;
    }
    begin_handshake(std::move(*opened));
    hand_over();
    return session_->deadline();
}

// A slot for this handshake, which may be another one's until now.
result<> stream_connection::ask_admission(
    handshake_gate::newcomer what, identity::device_id const& device
)
{
    if (!listener_.link.accepting_sessions())
        return error::limit_backend_backlog;
    auto const& open = listener_.handshaking;
    // A device may have a session already, whose place it will take.
    auto const capacity = listener_.sessions_of_a_device() != 0 ? session_capacity::at_the_end
                                                                : session_capacity::now;
    auto const answer = listener_.gate_beside(open.order())
                            .ask(owner_.now(), {listener_.asker_at(peer_, device), what, capacity});
    if (answer.goes)
        open.owner_of(*answer.goes).evict(answer.full);
    return answer.admitted;
}

}  // namespace gatehouse
