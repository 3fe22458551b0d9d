#include "status_report.h"

#include "document.h"
#include "table.h"
#include "time_text.h"
#include "visible_text.h"

namespace gatehouse::ctl {

namespace {

namespace json = boost::json;

std::string summary(json::object const& status, page const& on)
{
    auto const state = cell(status, "state");
    auto const uptime = number_in(status, "uptime");
    return "gatehouse " + cell(status, "version") + ", " +
           (state == "serving" ? bold(state, on.style) : alarming(state, on.style)) + ", up " +
           (uptime ? age_text(*uptime) : "-") + ", pid " + cell(status, "pid") + ", " +
           count_of(number_in(status, "workers").value_or(0), "worker") + '\n';
}

std::string configuration(json::object const& status, page const& on)
{
    auto const& config = object_in(status, "config");
    return "configuration " + cell(config, "file") + ", generation " + cell(config, "generation") +
           ", loaded " + age_cell(config, "loaded", on) + " ago\n";
}

std::string failed_reload(json::object const& status, page const& on)
{
    auto const& failed = object_in(object_in(status, "config"), "reload_failed");
    if (failed.empty())
        return {};
    auto const headline =
        "WARNING: the reload " + age_cell(failed, "time", on) + " ago failed and changed nothing:";
    auto text = alarming(headline, on.style) + '\n';
    for (auto const& each : array_in(failed, "problems")) {
        auto const& problem = as_object(each);
        text += "  " + position_of_problem(problem) + ": " + cell(problem, "text") + '\n';
    }
    return text;
}

std::string missing(json::object const& status, page const& on)
{
    if (!status.contains("missing") || array_in(status, "missing").empty())
        return {};
    auto text = alarming("WARNING: not where it was:", on.style) + '\n';
    for (auto const& each : array_in(status, "missing")) {
        auto const& gone = as_object(each);
        text += "  " + cell(gone, "file") + ", " + age_cell(gone, "since", on) +
                " ago: " + cell(gone, "detail") + '\n';
    }
    return text;
}

std::string unwritten(json::object const& status, page const& on)
{
    auto const& changes = array_in(status, "unwritten");
    if (changes.empty())
        return {};
    auto text = alarming("WARNING: in force, but not on the disk yet:", on.style) + '\n';
    for (auto const& each : changes) {
        auto const& change = as_object(each);
        text += "  " + cell(change, "what") + ' ' + cell(change, "device") + " of " +
                cell(change, "credentials") + ", " + age_cell(change, "since", on) +
                " ago: " + cell(change, "detail") + '\n';
    }
    return text;
}

double failed_handshakes(json::object const& listener)
{
    double count = 0;
    auto const& results = object_in(listener, "handshakes");
    for (auto const& each : results)
        if (each.key() != "ok")
            count += number_in(results, each.key()).value_or(0);
    return count;
}

std::string count_text(double count)
{
    return cell(json::value(count));
}

// What the daemon could not write down.
std::string lost_lines(json::object const& status, page const& on)
{
    auto const& audit = object_in(status, "audit");
    auto const& failing = object_in(audit, "failing");
    auto const missing = number_in(audit, "lines_dropped").value_or(0);
    std::string text;
    if (!failing.empty())
        text += alarming(
                    "WARNING: the audit log cannot be written since " +
                        age_cell(failing, "since", on) + " ago: " + cell(failing, "detail"),
                    on.style
                ) +
                '\n';
    if (missing > 0)
        text += alarming("WARNING: audit lines lost: " + count_text(missing), on.style) + '\n';
    auto const lines = number_in(object_in(status, "log"), "lines_dropped").value_or(0);
    if (lines > 0)
        text += "log lines lost: " + count_text(lines) + '\n';
    return text;
}

// Listeners whose protocol protects nothing.
std::string unsafe_listeners(json::object const& status, page const& on)
{
    std::string text;
    for (auto const& each : array_in(status, "listeners")) {
        auto const& listener = as_object(each);
        auto const danger = text_in(listener, "unsafe");
        if (!danger.empty())
            text += alarming(
                        "WARNING: listener " + cell(listener, "name") + " is unsafe: protocol " +
                            cell(listener, "protocol") + ": " + visible(danger),
                        on.style
                    ) +
                    '\n';
    }
    return text;
}

std::vector<column> listener_columns(page const& on)
{
    static constexpr auto right = alignment::right;
    std::vector<column> columns{
        {"LISTENER", alignment::left, may_be_cut},
        {"PROTOCOL", alignment::left, {fitting::whole, 3}},
        {"ADDRESS", alignment::left, {14, 1}},
        {"CREDENTIALS", alignment::left, {8, 4}},
        {"BACKEND", alignment::left, {8, 2}},
        {"SESSIONS", right},
        {"HANDSHAKES", right},
        {"FAILED", right},
        {"UP", right},
        {"DOWN", right},
    };
    if (shows_rates(on))
        columns.insert(columns.end(), {{"UP/S", right}, {"DOWN/S", right}});
    return columns;
}

// "127.0.0.1:9000", and by which name that was found.
std::string bound_at(json::object const& listener)
{
    auto const written = text_in(listener, "bind");
    auto text = cell(listener, "address");
    if (!written.empty())
        text += " (" + visible(written.substr(0, written.rfind(':'))) + ')';
    return text;
}

std::string listeners(json::object const& status, page const& on)
{
    table lines{listener_columns(on), on.width};
    for (auto const& each : array_in(status, "listeners")) {
        auto const& listener = as_object(each);
        auto const& messages = object_in(listener, "messages");
        auto const name = cell(listener, "name");
        std::vector<std::string> cells{
            name,
            cell(listener, "protocol") + '/' + cell(listener, "transport"),
            bound_at(listener),
            cell(listener, "credentials"),
            cell(listener, "backend"),
            cell(listener, "sessions"),
            cell(object_in(listener, "handshakes"), "ok"),
            count_text(failed_handshakes(listener)),
            cell(messages, "up"),
            cell(messages, "down"),
        };
        if (shows_rates(on)) {
            cells.push_back(rate_cell(on, "up " + name, number_in(messages, "up")));
            cells.push_back(rate_cell(on, "down " + name, number_in(messages, "down")));
        }
        lines.add(std::move(cells));
    }
    return '\n' + lines.finish();
}

std::string backends(json::object const& status, page const& on)
{
    table lines{
        {{"BACKEND", alignment::left, may_be_cut},
         {"CONNECTED", alignment::right},
         {"QUEUED", alignment::right},
         {"SOCKET", alignment::left, may_be_cut}},
        on.width};
    for (auto const& each : array_in(status, "backends")) {
        auto const& backend = as_object(each);
        auto const queued = number_in(backend, "queued_bytes");
        lines.add(
            {cell(backend, "name"),
             cell(backend, "connected") + '/' + cell(backend, "links"),
             queued ? size_text(*queued) : "-",
             cell(backend, "socket")}
        );
    }
    return '\n' + lines.finish();
}

}  // namespace

std::string status_report(json::object const& status, page const& on)
{
    return summary(status, on) + configuration(status, on) + failed_reload(status, on) +
           unwritten(status, on) + missing(status, on) + lost_lines(status, on) +
           unsafe_listeners(status, on) + listeners(status, on) + backends(status, on);
}

}  // namespace gatehouse::ctl
