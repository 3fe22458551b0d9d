#include "net/request_endpoint.h"

#include "identity/keyed_peers.h"
#include "net/clock.h"
#include "net/datagram_endpoint.h"
#include "net/limits.h"
#include "net/log.h"
#include "net/session_report.h"
#include "net/worker.h"

#include <new>
#include <utility>

namespace gatehouse {

request_endpoint::request_endpoint(datagram_endpoint& endpoint)
    : endpoint_{endpoint}
    , memory_{sizeof(datagram_request), net_limits::spare_requests}
    , closed_ones_{endpoint.owner().context(), memory_}
{
}

request_endpoint::~request_endpoint() = default;

void request_endpoint::open(datagram_door& door, arrived_datagram const& packet)
{
    auto& owner = endpoint_.owner();
    auto& listener = endpoint_.listener();
    if (auto const admitted = ask_admission(packet); !admitted) {
        refuse(packet, admitted.error());
        return;
    }
    auto const before = read_thread_clock();
    listener.host->set_wall_time(read_wall_clock());
    auto session = door.open(later(owner.now(), listener.host->reply_timeout()));
    auto& out = owner.out();
    out.clear();
    auto const taken = session->receive(owner.now(), packet.data, out);
    if (taken && session->facts().device != identity::anonymous_device())
        owner.agreements().give_back(packet.from);
    else
        owner.agreements().charge(owner.now(), packet.from, read_thread_clock() - before);
    if (!taken) {
        listener.admitted->end_session(packet.from);
        session_report{listener, packet.from}.request_refused(
            owner.sampler(),
            owner.now(),
            {taken.error(), session->facts().device},
            [&] { return listener.host->advice(taken.error(), session->facts()); }
        );
        return;
    }
    count(metrics::request_result::accepted);
    auto* const made = new (memory_.take()) datagram_request{*this, packet, std::move(session)};
    made->begin(out);
}

// Before anything is spent on the packet: nobody has proven anything yet.
result<> request_endpoint::ask_admission(arrived_datagram const& packet)
{
    auto& listener = endpoint_.listener();
    auto& budget = endpoint_.owner().agreements();
    auto const now = endpoint_.owner().now();
    if (endpoint_.refuses_hellos())
        return error::limit_requests;
    if (!listener.link.accepting())
        return error::limit_backend_backlog;
    auto const asker = listener.proofs.asker_at(packet.from, {});
    if (!budget.take(now, asker))
        return error::limit_agreements;
    auto admitted = listener.admitted->begin_handshake(now, asker, session_capacity::now);
    if (admitted)
        admitted = listener.admitted->begin_session(packet.from);
    if (!admitted)
        budget.give_back(asker);
    return admitted;
}

void request_endpoint::refuse(arrived_datagram const& packet, error why)
{
    auto& owner = endpoint_.owner();
    auto const reason = packet.too_long ? error::malformed_oversize : why;
    session_report{endpoint_.listener(), packet.from}.request_refused(
        owner.sampler(), owner.now(), {reason, {}}, [] { return std::string{}; }
    );
}

void request_endpoint::count(metrics::request_result what)
{
    metrics::cell_of(endpoint_.listener().cells.requests, what).add();
}

void request_endpoint::publish()
{
    auto const figures = endpoint_.door().take_memory_figures();
    endpoint_.listener().cells.remembered.set(figures.remembered);
    endpoint_.listener().cells.forgotten_early.add(figures.forgotten_early);
    if (figures.scarce)
        report_scarce(*figures.scarce);
}

void request_endpoint::report_scarce(datagram_door::scarce_key const& key)
{
    auto const& listener = endpoint_.listener();
    log::write(
        key.used_up ? log::level::error : log::level::warn,
        key.used_up ? "gateway key used up" : "gateway key nearly used up",
        {{"listener", listener.config.name},
         {"credential", listener.keyring->key_ids()[key.key]},
         {"requests", key.requests},
         {"detail",
          key.used_up ? "it accepts no request any more: give the gateway another key"
                      : "it has accepted four fifths of what it may: give the gateway another key"}}
    );
}

}  // namespace gatehouse
