#include "net/session_report.h"

#include "net/log.h"

namespace gatehouse {

namespace {

using metrics::cell_of;

// A key, a device or a generation that does not fit wants the operator's attention; noise does not,
// and neither does a device that went away, unless there is something to say about it.
log::level level_of(error why, std::string_view advice) noexcept
{
    if (why == error::unproven_hang_up && advice.empty())
        return log::level::info;
    auto const blame = class_of(why);
    bool const alarming = blame == error_class::unproven || blame == error_class::incompatible;
    return alarming ? log::level::warn : log::level::info;
}

std::string with_advice(error why, std::string_view advice)
{
    std::string detail{describe(why)};
    if (!advice.empty())
        detail.append(": ").append(advice);
    return detail;
}

}  // namespace

void session_report::count_limit(error why) const
{
    if (auto const limit = metrics::limit_of(why))
        cell_of(listener_.cells.limited, *limit).add();
}

std::optional<std::uint64_t> session_report::count_refusal(
    log_sampler& sampler, time_point now, refusal const& what
) const
{
    cell_of(listener_.cells.handshakes, metrics::result_of(what.why)).add();
    count_limit(what.why);
    return sampler.allow(now, what.why, listener_.index);
}

void session_report::refused(log_sampler& sampler, time_point now, refusal const& what) const
{
    if (auto const left_out = count_refusal(sampler, now, what))
        write_refusal(what, *left_out, {});
}

void session_report::write_refusal(
    refusal const& what, std::uint64_t left_out, std::string_view advice
) const
{
    log::write(
        level_of(what.why, advice),
        "handshake refused",
        {{"listener", listener_.config.name},
         {"peer", to_string(peer_)},
         {"device", what.device.text()},
         {"reason", metrics::name_of(metrics::result_of(what.why))},
         {"detail", with_advice(what.why, advice)},
         log::field::if_any("suppressed", left_out)}
    );
}

void session_report::aborted() const
{
    cell_of(listener_.cells.handshakes, metrics::handshake_result::aborted).add();
}

std::optional<std::uint64_t> session_report::count_request(
    log_sampler& sampler, time_point now, error why
) const
{
    cell_of(listener_.cells.requests, metrics::request_result_of(why)).add();
    count_limit(why);
    return sampler.allow(now, why, listener_.index);
}

void session_report::write_request(
    refusal const& what, std::uint64_t left_out, std::string_view advice
) const
{
    log::write(
        level_of(what.why, advice),
        "request refused",
        {{"listener", listener_.config.name},
         {"peer", to_string(peer_)},
         {"device", what.device.text()},
         {"reason", metrics::name_of(metrics::request_result_of(what.why))},
         {"detail", with_advice(what.why, advice)},
         log::field::if_any("suppressed", left_out)}
    );
}

log::level session_report::level_of_lives() const
{
    return listener_.serves_requests ? log::level::debug : log::level::info;
}

// How many lines like this were left out, if this one may be written.
std::optional<std::uint64_t> session_report::count_life(
    session_lines& lines,
    time_point now,
    session_lines::about what,
    identity::device_id const& device
) const
{
    if (!log::enabled(level_of_lives()))
        return std::nullopt;
    auto const left_out = lines.allow(now, what, device, peer_);
    if (!left_out)
        listener_.cells.lines_left_out.add();
    return left_out;
}

void session_report::opened(
    session_lines& lines,
    time_point now,
    session_facts const& facts,
    std::optional<duration> handshake
) const
{
    if (handshake) {
        cell_of(listener_.cells.handshakes, metrics::handshake_result::ok).add();
        listener_.cells.handshake_time.observe(*handshake);
    }
    listener_.cells.sessions.add();
    listener_.credential_sessions[facts.credential].add();
    auto const left_out = count_life(lines, now, session_lines::about::opened, facts.device);
    if (!left_out)
        return;
    log::write(
        level_of_lives(),
        "session opened",
        {{"listener", listener_.config.name},
         {"peer", to_string(peer_)},
         {"device", facts.device.text()},
         {"session", facts.id.string()},
         {"generation", facts.generation},
         {"credential", listener_.keyring->key_ids()[facts.credential]},
         log::field::if_any("suppressed", *left_out)}
    );
}

void session_report::moved(
    log_sampler& sampler, time_point now, session_facts const& facts, peer_address const& to
) const
{
    auto const left_out = sampler.allow(now, error{}, listener_.index);
    if (!left_out)
        return;
    log::write(
        log::level::info,
        "session moved",
        {{"listener", listener_.config.name},
         {"peer", to_string(peer_)},
         {"new_peer", to_string(to)},
         {"device", facts.device.text()},
         {"session", facts.id.string()},
         log::field::if_any("suppressed", *left_out)}
    );
}

void session_report::rejected(
    log_sampler& sampler, time_point now, session_facts const& facts, error why
) const
{
    count_limit(why);
    auto const rejection = metrics::rejection_of(why);
    if (!rejection)
        return;
    cell_of(listener_.cells.rejected, *rejection).add();
    if (why == error::unproven_replay && listener_.config.transport == config::transport::udp)
        return;
    auto const left_out = sampler.allow(now, why, listener_.index);
    if (!left_out)
        return;
    log::write(
        log::level::warn,
        "frame rejected",
        {{"listener", listener_.config.name},
         {"peer", to_string(peer_)},
         {"device", facts.device.text()},
         {"session", facts.id == session_id{} ? std::string{} : facts.id.string()},
         {"reason", metrics::name_of(*rejection)},
         {"detail", describe(why)},
         log::field::if_any("suppressed", *left_out)}
    );
}

void session_report::closed(
    session_lines& lines, time_point now, session_facts const& facts, ending const& how
) const
{
    listener_.cells.sessions.subtract();
    listener_.credential_sessions[facts.credential].subtract();
    cell_of(listener_.cells.closed, how.reason).add();
    auto const left_out = count_life(lines, now, session_lines::about::closed, facts.device);
    if (!left_out)
        return;
    log::write(
        level_of_lives(),
        "session closed",
        {{"listener", listener_.config.name},
         {"peer", to_string(peer_)},
         {"device", facts.device.text()},
         {"session", facts.id.string()},
         {"reason", gatehouse::name_of(how.reason)},
         {"messages", how.messages},
         {"detail", how.why ? describe(*how.why) : std::string_view{}},
         log::field::if_any("suppressed", *left_out)}
    );
}

}  // namespace gatehouse
