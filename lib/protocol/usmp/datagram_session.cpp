#include "protocol/usmp/datagram_session.h"

#include "protocol/usmp/limits.h"
#include "protocol/usmp/transport_ack.h"

#include <algorithm>
#include <new>
#include <utility>

namespace gatehouse::usmp {

datagram_session_ptr datagram_session::make(
    datagram_environment& env, time_point handshake_deadline
)
{
    return datagram_session_ptr{new (env.memory.take()) datagram_session{env, handshake_deadline}};
}

datagram_session::datagram_session(datagram_environment& env, time_point handshake_deadline)
    : env_{env}
    , state_{untouched{handshake_deadline}}
{
    ++env_.handshakes;
}

datagram_session::~datagram_session()
{
    if (!std::holds_alternative<datagram_established>(state_))
        --env_.handshakes;
}

void datagram_session::retire() noexcept
{
    auto& memory = env_.memory;
    this->~datagram_session();
    memory.give_back(this);
}

result<std::size_t> datagram_session::receive(time_point now, mutable_bytes in, output& out)
{
    heard_newest_ = false;
    auto const header = parse_header(in);
    if (!header)
        return take_ack(now, in, out);
    if (header->frame_size() != in.size())
        return error::malformed_length;
    if (auto* live = std::get_if<datagram_established>(&state_);
        live != nullptr && is_session_type(header->type)) {
        auto const taken = live->receive(env_, now, *header, in, out);
        heard_newest_ = live->heard_newest();
        if (!taken)
            return taken.error();
        return in.size();
    }
    auto const payload = in.subspan(header_size);
    if (header->type == frame_type::hello)
        return take_hello(now, *header, payload, out);
    if (header->type == frame_type::hello_ack)
        return take_proof(now, *header, payload, out);
    return std::size_t{0};
}

result<std::size_t> datagram_session::take_ack(time_point now, bytes datagram, output& out)
{
    auto const ack = transport_ack::parse(datagram);
    if (!ack)
        return error::malformed_magic;
    bool ours = false;
    if (auto* live = std::get_if<datagram_established>(&state_)) {
        ours = live->acknowledge(env_, now, *ack, out);
    } else if (auto* waiting = std::get_if<challenged>(&state_)) {
        ours = ack->what == acked_frame{frame_type::challenge, 0};
        if (ours && waiting->clock.running())
            waiting->clock.acknowledged(now, waiting->measured);
    }
    return ours ? datagram.size() : std::size_t{0};
}

// The first HELLO is answered with a CHALLENGE; the same one again was acknowledged in vain.
result<std::size_t> datagram_session::take_hello(
    time_point now, frame_header const& header, bytes payload, output& out
)
{
    auto const read = datagram_hello::parse(payload);
    if (!read)
        return read.error();
    auto const& message = read->message;
    acked_frame const what{frame_type::hello, header.sequence};
    if (auto const* live = std::get_if<datagram_established>(&state_)) {
        if (!live->was_born_of(message))
            return std::size_t{0};
        write_ack(what, out.wire);
        return header.frame_size();
    }
    if (auto const* waiting = std::get_if<challenged>(&state_)) {
        if (waiting->proof.seen.device_key != message.public_key ||
            waiting->proof.version != header.version)
            return std::size_t{0};
        write_ack(what, out.wire);
        return header.frame_size();
    }
    device_ = message.device;
    write_ack(what, out.wire);
    auto const deadline = std::get<untouched>(state_).deadline;
    challenged state{
        .proof = answer_hello(env_.common, header.version, message, out.wire),
        .deadline = deadline,
        .clock = {},
        .measured = {},
        .generation = {},
    };
    state.clock.begin(now, state.measured, duration::zero());
    state_ = std::move(state);
    return header.frame_size();
}

result<std::size_t> datagram_session::take_proof(
    time_point now, frame_header const& header, bytes payload, output& out
)
{
    auto const message = hello_ack::parse(payload);
    if (!message)
        return message.error();
    acked_frame const what{frame_type::hello_ack, header.sequence};
    if (auto const* live = std::get_if<datagram_established>(&state_)) {
        if (!live->was_born_of(*message))
            return std::size_t{0};
        write_ack(what, out.wire);
        return header.frame_size();
    }
    auto* waiting = std::get_if<challenged>(&state_);
    if (waiting == nullptr || header.version != waiting->proof.version || waiting->hopeless ||
        waiting->judged >= limits::proofs_judged)
        return std::size_t{0};
    auto found = judge(*waiting, *message, header.sequence);
    if (!found)
        return found.error();
    if (waiting->clock.running())
        waiting->clock.acknowledged(now, waiting->measured);
    write_ack(what, out.wire);
    datagram_established::birth const from{
        waiting->proof.seen.device_key, message->proof, waiting->measured};
    --env_.handshakes;
    env_.memory.replace_one();
    state_.emplace<datagram_established>(env_, std::move(*found), from, now, out);
    return header.frame_size();
}

// A wrong proof decides nothing, because anybody can send one in the device's name: the device may
// still send the right one.
result<proven> datagram_session::judge(
    challenged& state, hello_ack const& message, std::uint32_t sequence
)
{
    ++state.judged;
    session_facts learned = facts();
    auto found = judge_proof(env_.common, state.proof, message, sequence, learned);
    credential_ = learned.credential;
    if (found)
        return found;
    bool const is_wrong =
        found.error() == error::unproven_key || found.error() == error::unproven_device;
    state.hopeless = !is_wrong;
    state.generation = learned.generation;
    return found;
}

result<> datagram_session::send(time_point now, bytes message, output& out)
{
    if (auto* live = std::get_if<datagram_established>(&state_))
        return live->send(env_, now, message, out);
    return error::internal_closed;
}

result<> datagram_session::on_deadline(time_point now, output& out)
{
    if (auto* live = std::get_if<datagram_established>(&state_))
        return live->on_deadline(env_, now, out);
    if (now >= deadline_of_handshake())
        return error::limit_handshake_time;
    auto* waiting = std::get_if<challenged>(&state_);
    if (waiting == nullptr)
        return {};
    auto const verdict = waiting->clock.judge(now, waiting->measured);
    if (verdict == retransmission::verdict::repeat) {
        auto const& seen = waiting->proof.seen;
        write(
            handshake_frame{waiting->proof.version, 0},
            challenge{seen.nonce, seen.gateway_key},
            out.wire
        );
        ++out.retransmitted;
    } else if (verdict == retransmission::verdict::give_up) {
        waiting->clock.stop();
    }
    return {};
}

time_point datagram_session::deadline_of_handshake() const noexcept
{
    if (auto const* waiting = std::get_if<challenged>(&state_))
        return waiting->deadline;
    return std::get<untouched>(state_).deadline;
}

time_point datagram_session::deadline() const
{
    if (auto const* live = std::get_if<datagram_established>(&state_))
        return live->deadline(env_);
    auto earliest = deadline_of_handshake();
    if (auto const* waiting = std::get_if<challenged>(&state_))
        earliest = std::min(earliest, waiting->clock.due());
    return earliest;
}

void datagram_session::end(time_point now, output& out)
{
    if (auto* live = std::get_if<datagram_established>(&state_))
        live->say_bye(env_, now, out);
}

std::optional<end_reason> datagram_session::ended() const
{
    if (auto const* live = std::get_if<datagram_established>(&state_))
        return live->ended();
    auto const* waiting = std::get_if<challenged>(&state_);
    if (waiting != nullptr && waiting->hopeless)
        return end_reason::protocol;
    return std::nullopt;
}

session_facts datagram_session::facts() const
{
    session_facts known;
    known.device = identity::device_id::from_mac(device_);
    known.credential = credential_;
    if (auto const* live = std::get_if<datagram_established>(&state_)) {
        known.id = live->id();
        known.generation = live->how().release;
        known.authenticated = true;
    } else if (auto const* waiting = std::get_if<challenged>(&state_)) {
        known.generation = waiting->generation;
    }
    return known;
}

session_times datagram_session::times() const
{
    auto const* live = std::get_if<datagram_established>(&state_);
    return live == nullptr ? session_times{} : live->times();
}

void datagram_session::address_changed(time_point now)
{
    if (auto* live = std::get_if<datagram_established>(&state_))
        live->address_changed(now);
}

bool datagram_session::expects_unnamed() const
{
    auto const* live = std::get_if<datagram_established>(&state_);
    return live == nullptr || live->expects_unnamed();
}

void datagram_session::taken_over(time_point now, std::size_t messages, output& out)
{
    if (auto* live = std::get_if<datagram_established>(&state_))
        live->taken_over(env_, now, messages, out);
}

std::size_t datagram_session::backlog() const
{
    auto const* live = std::get_if<datagram_established>(&state_);
    return live == nullptr ? 0 : live->backlog();
}

void datagram_session::give_up_messages(output& out)
{
    if (auto* live = std::get_if<datagram_established>(&state_))
        live->give_up_messages(out);
}

void datagram_session::set_key_window(
    identity::key_window const& window, wall_time wall_now, time_point now
)
{
    if (auto* live = std::get_if<datagram_established>(&state_))
        live->set_key_window(window, wall_now, now);
}

}  // namespace gatehouse::usmp
