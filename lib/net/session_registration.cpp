#include "net/session_registration.h"

#include "config/protocol_type.h"
#include "net/clock.h"
#include "net/session_report.h"
#include "net/worker.h"

#include <utility>

namespace gatehouse {

using metrics::cell_of;

namespace {

// Who sends without a key is no device that could be looked up or spoken to.
bool is_somebody(identity::device_id const& device)
{
    return device != identity::anonymous_device();
}

}  // namespace

void session_registration::begin(
    session_context who,
    session_facts const& facts,
    live_session& live,
    std::optional<duration> handshake
)
{
    auto& [owner, listener, peer, route] = who;
    active_ = 1;
    has_slot_ = 1;
    owner.sessions().add(facts.id, live);
    auto const when = read_wall_clock().time_since_epoch().count();
    if (is_somebody(facts.device))
        listener.proofs.remember(peer, facts.device);
    if (is_somebody(facts.device))
        owner.announce_opened(
            {
                .device = facts.device,
                .credentials = listener.credentials,
                .key = facts.credential,
                .when = static_cast<std::uint32_t>(when),
                .session = facts.id,
                .is_request = !handshake,
                .listener = listener.index,
            },
            listener.link.index(),
            listener.sessions_of_a_device()
        );
    session_report{listener, peer}.opened(owner.lines(), owner.now(), facts, handshake);
    introduce(who, facts);
}

void session_registration::introduce(session_context who, session_facts const& facts)
{
    if (!facts.confirmed)
        return;
    auto& listener = who.listener;
    introduced_ = 1;
    identity::device_id::text_buffer text;
    auto const address = to_string(who.peer);
    listener.link.add(backend::open_record{
        .session = facts.id,
        .device = facts.device.text(text),
        .protocol = listener.config.protocol->name(),
        .generation = facts.generation,
        .listener = listener.config.name,
        .peer = address,
        .credential = listener.keyring->key_ids()[facts.credential],
        .route = who.route,
        .authenticated = !listener.config.protocol->is_unsafe(),
        .is_protected = facts.is_protected,
    });
}

void session_registration::pass_up(
    session_context who, session_facts const& facts, output const& out, backend::receipt wanted
)
{
    auto& listener = who.listener;
    identity::device_id::text_buffer text;
    auto const device = facts.device.text(text);
    auto& count = cell_of(listener.cells.messages, metrics::direction::up);
    auto& size = cell_of(listener.cells.message_bytes, metrics::direction::up);
    std::size_t total = 0;
    for (std::size_t i = 0; i < out.up.size(); ++i) {
        auto const message = out.up[i];
        auto const plain = i < out.plain.size() ? out.plain[i] : bytes{};
        backend::data_record const record{facts.id, device, ++messages_, message, plain};
        listener.link.add(record, wanted);
        count.add();
        size.add(message.size());
        total += message.size();
    }
    if (listener.rates->any())
        listener.rates->took(who.owner.now(), facts.device, out.up.size(), total);
}

void session_registration::count_down(listener_runtime& listener, std::size_t size)
{
    cell_of(listener.cells.messages, metrics::direction::down).add();
    cell_of(listener.cells.message_bytes, metrics::direction::down).add(size);
}

void session_registration::report_undelivered(
    session_context who, session_facts const& facts, std::vector<undelivered_message> const& lost
)
{
    identity::device_id::text_buffer text;
    for (auto const& message : lost) {
        who.listener.cells.undelivered.add();
        who.listener.link.add(backend::undelivered_record{
            .session = facts.id,
            .device = facts.device.text(text),
            .sequence = message.number,
            .payload = message.payload,
            .why = "not acknowledged by the device",
        });
    }
}

void session_registration::leave_slot(session_context who)
{
    if (active() && has_slot_ != 0)
        who.listener.admitted->end_session(who.peer);
    has_slot_ = 0;
}

void session_registration::leave_slot_to(device_claim& claim, session_context who)
{
    bool const is_wanted = claim.wants == device_claim::need::capacity && !claim.freed;
    if (is_wanted && active() && has_slot_ != 0) {
        claim.freed = who.peer;
        has_slot_ = 0;
    }
}

void session_registration::end(
    session_context who, session_facts const& facts, end_reason reason, std::optional<error> why
)
{
    if (!active())
        return;
    leave_slot(who);
    active_ = 0;
    auto& [owner, listener, peer, route] = who;
    if (is_somebody(facts.device)) {
        listener.proofs.remember(peer, facts.device);
        owner.announce_closed(facts.device, facts.id);
    }
    identity::device_id::text_buffer text;
    if (introduced_ != 0)
        listener.link.add(backend::close_record{
            facts.id, facts.device.text(text), gatehouse::name_of(reason)});
    session_report{listener, peer}.closed(
        owner.lines(), owner.now(), facts, {reason, why, messages_}
    );
}

}  // namespace gatehouse
