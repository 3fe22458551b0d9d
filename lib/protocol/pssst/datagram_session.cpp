#include "protocol/pssst/datagram_session.h"

#include "base/assert.h"
#include "protocol/key_expiry.h"
#include "protocol/key_judgement.h"
#include "protocol/pssst/request.h"

#include <algorithm>
#include <new>
#include <utility>

namespace gatehouse::pssst {

namespace {

// Releases 0.2.0 and later: their cipher suite is the only one there is.
constexpr std::string_view generation = "0.2";

// A request that one of the gateway's keys opened.
struct admitted_by {
    own_key const* by = nullptr;
    opened_request request;
};

result<admitted_by> try_keys(
    datagram_environment& env, packet_head const& head, mutable_bytes packet
)
{
    auto& common = env.common;
    auto& keys = common.keys;
    if (keys.size() > 1)
        env.untouched.assign(packet.begin(), packet.end());
    bool garbled = false;
    for (auto& own : keys) {
        if (!own.key->accepted_at(common.wall_now))
            continue;
        if (std::exchange(garbled, true))
            std::copy(env.untouched.begin(), env.untouched.end(), packet.begin());
        auto opened = open_request(common.crypto, own.agreement, head, packet);
        if (opened)
            return admitted_by{&own, std::move(*opened)};
        if (opened.error() != error::unproven_frame)
            return opened.error();
    }
    return error::unproven_frame;
}

// The exact key decides, because a client key has several spellings that its owner can prove.
// `learned` says who it is as far as that is known.
result<identity::key_window> judge(
    environment const& common, admitted_by const& opened, session_facts& learned
)
{
    auto const& ring = *common.keyring;
    auto const& client = opened.request.client;
    if (!client && !ring.anonymous())
        return error::unproven_anonymous;
    auto const device =
        client ? ring.find_peer(*client) : std::optional{identity::anonymous_device()};
    if (!device)
        return error::unproven_device;
    learned.device = *device;
    auto const gateway_key = opened.by->key->id;
    learned.credential = gateway_key;
    auto const key = ring.peer_key(*device, gateway_key);
    if (!key)
        return error::unproven_key;
    if (auto const judged = judge_key(*key, common.wall_now); !judged)
        return judged.error();
    return key->window;
}

// The request is this one's from now on, and nobody's afterwards: before its message is passed on,
// so that whatever ends the process, no packet gets a second reply (docs/protocols/pssst.md,
// "Repetition").
result<duplicate_cache::ticket> begin_once(
    environment& common, time_point now, own_key const& by, duplicate_cache::request const& request
)
{
    if (common.known.has(request.opened_by, request.dh))
        return error::unproven_reused_point;
    auto& accepted = *by.accepted;
    auto& hmac = common.crypto.hmac;
    identity::device_id::text_buffer name;
    auto const value = accepted.marks_of(hmac, request.dh);
    auto const sender = accepted.marks_of_sender(hmac, request.from.text(name));
    if (auto const fresh = accepted.check(value, sender); !fresh)
        return fresh.error();
    auto ticket = common.known.begin(now, request);
    if (!ticket)
        return ticket;
    if (auto const claimed = accepted.claim(value, sender); !claimed)
        return claimed.error();
    return ticket;
}

}  // namespace

datagram_session_ptr datagram_session::make(datagram_environment& env, time_point reply_deadline)
{
    return datagram_session_ptr{new (env.memory.take()) datagram_session{env, reply_deadline}};
}

datagram_session::datagram_session(datagram_environment& env, time_point reply_deadline)
    : env_{env}
    , reply_deadline_{reply_deadline}
{
}

void datagram_session::retire() noexcept
{
    auto& memory = env_.memory;
    this->~datagram_session();
    memory.give_back(this);
}

result<std::size_t> datagram_session::receive(time_point now, mutable_bytes in, output& out)
{
    GATEHOUSE_ASSERT(!facts_.authenticated);
    auto const size = in.size();
    auto const head = parse_request(in);
    if (!head)
        return head.error();
    auto& common = env_.common;
    auto const digest = common.crypto.sha256.compute({in});
    auto opened = try_keys(env_, *head, in);
    if (!opened)
        return opened.error();
    auto const window = judge(common, *opened, facts_);
    if (!window)
        return window.error();
    if (common.allowance != nullptr && !common.allowance->may_send(now, facts_.device))
        return error::limit_device_rate;
    auto const& by = *opened->by;
    auto ticket =
        begin_once(common, now, by, {mark_of(by.key->public_key), head->dh, digest, facts_.device});
    if (!ticket)
        return ticket.error();
    ticket_ = std::move(*ticket);
    reply_.emplace(std::move(opened->request.reply));
    request_size_ = size;
    opened_ = now;
    facts_.id = common.ids.issue();
    facts_.generation = generation;
    facts_.authenticated = true;
    set_key_window(*window, common.wall_now, now);
    out.up.push_back(opened->request.message);
    return size;
}

// A reply is no larger than its request unless the request proved a key: the sender's address is
// anybody's word.
result<> datagram_session::send(time_point now, bytes message, output& out)
{
    if (!reply_ || reply_->used())
        return error::internal_closed;
    auto const size = reply_sealer::size_of(message);
    if (size > env_.common.config.max_reply)
        return error::limit_reply_size;
    if (reply_->to() == client_kind::anonymous && size > request_size_)
        return error::limit_reply_above_request;
    auto const packet = out.wire.frame(size);
    auto const sealed = reply_->seal(env_.common.crypto.aes_128_gcm, message, packet);
    if (sealed)
        ticket_.answered(now, packet);
    return sealed;
}

result<> datagram_session::on_deadline(time_point now, output&)
{
    if (now >= key_deadline_)
        return error::unproven_expired_key;
    if (now >= reply_deadline_)
        return error::limit_reply_time;
    return {};
}

time_point datagram_session::deadline() const
{
    return std::min(reply_deadline_, key_deadline_);
}

std::optional<end_reason> datagram_session::ended() const
{
    if (reply_ && reply_->used())
        return end_reason::done;
    return std::nullopt;
}

void datagram_session::set_key_window(
    identity::key_window const& window, wall_time wall_now, time_point now
)
{
    if (facts_.authenticated)
        key_deadline_ = expiry_of(window, wall_now, now);
}

}  // namespace gatehouse::pssst
