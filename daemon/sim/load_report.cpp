#include "load_report.h"

#include "fleet_secrets.h"
#include "report_values.h"

#include <string_view>

namespace gatehouse::sim {

namespace {

std::string failures_json(tally const& counts)
{
    std::string text;
    for (auto const& [what, count] : counts.failures)
        text += (text.empty() ? "" : ",") + quoted(what) + ':' + std::to_string(count);
    return '{' + text + '}';
}

// Over UDP alone.
std::string udp_json(load_options const& options, tally const& counts)
{
    if (options.device.over != transport::udp)
        return {};
    return ",\"udp\":{\"acknowledged\":" + std::to_string(counts.delivered) +
           ",\"repeated\":" + std::to_string(counts.repeated) + '}';
}

}  // namespace

std::string report_text(load_options const& options, load_result const& result)
{
    auto const& counts = result.counts;
    auto const amount = [&](std::uint64_t count) {
        return std::to_string(count) + "   " + number(per_second(count, result.sending_time), 1) +
               "/s";
    };
    auto text =
        row("devices",
            std::to_string(options.devices) + ", " + std::to_string(result.devices_failed) +
                " failed");
    text +=
        row("handshakes",
            std::to_string(counts.handshakes) + "   " +
                number(per_second(result.handshakes_at_first, result.handshake_time), 1) +
                "/s over " + number(seconds(result.handshake_time), 2) + " s, " +
                std::to_string(counts.handshakes_failed) + " failed");
    text += row("handshake time", times_text(counts.handshake_times));
    text += row("messages sent", amount(counts.sent));
    if (options.device.over == transport::udp)
        text +=
            row("acknowledged",
                std::to_string(counts.delivered) + "   " + std::to_string(counts.repeated) +
                    " frames repeated");
    text += row("messages received", amount(counts.received));
    if (options.echo) {
        text += row("echo round trip", times_text(counts.echo_times));
        text += row("echoes missing", std::to_string(counts.echoes_missing));
    }
    text += row("sessions lost", std::to_string(counts.sessions_lost));
    for (auto const& [what, count] : counts.failures)
        text += row("failure", what + " (" + std::to_string(count) + ')');
    return text;
}

std::string report_json(load_options const& options, load_result const& result)
{
    auto const& counts = result.counts;
    auto const whole = [](std::uint64_t value) { return std::to_string(value); };
    return "{\"devices\":" + whole(options.devices) +
           ",\"devices_failed\":" + whole(result.devices_failed) +
           ",\"generation\":" + quoted(options.device.facts().generation) +
           udp_json(options, counts) + ",\"handshakes\":{\"done\":" + whole(counts.handshakes) +
           ",\"failed\":" + whole(counts.handshakes_failed) +
           ",\"seconds\":" + number(seconds(result.handshake_time), 6) + ",\"per_second\":" +
           number(per_second(result.handshakes_at_first, result.handshake_time), 3) +
           ",\"microseconds\":" + times_json(counts.handshake_times) +
           "},\"messages\":{\"size\":" + whole(options.size) + ",\"sent\":" + whole(counts.sent) +
           ",\"received\":" + whole(counts.received) +
           ",\"seconds\":" + number(seconds(result.sending_time), 6) +
           ",\"sent_per_second\":" + number(per_second(counts.sent, result.sending_time), 3) +
           ",\"received_per_second\":" +
           number(per_second(counts.received, result.sending_time), 3) +
           "},\"echo\":{\"missing\":" + whole(counts.echoes_missing) +
           ",\"microseconds\":" + times_json(counts.echo_times) +
           "},\"sessions_lost\":" + whole(counts.sessions_lost) +
           ",\"failures\":" + failures_json(counts) + '}';
}

}  // namespace gatehouse::sim
