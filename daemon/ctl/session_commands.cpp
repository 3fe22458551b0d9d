#include "session_commands.h"

#include "document.h"
#include "show.h"
#include "table.h"
#include "target.h"
#include "time_text.h"

namespace gatehouse::ctl {

namespace {

namespace json = boost::json;

std::string seconds_cell(json::object const& from, std::string_view key)
{
    auto const seconds = number_in(from, key);
    return seconds ? age_text(*seconds) : "-";
}

std::vector<std::string> session_cells(json::object const& session, page const& on)
{
    std::vector<std::string> cells{
        cell(session, "session"),
        cell(session, "device"),
        cell(session, "name"),
        cell(session, "listener"),
        cell(session, "peer"),
        cell(session, "protocol") + ' ' + cell(session, "generation"),
        cell(session, "credential"),
        seconds_cell(session, "age"),
        seconds_cell(session, "idle"),
        cell(session, "messages_up"),
    };
    if (shows_rates(on))
        cells.push_back(rate_cell(on, cells.front(), number_in(session, "messages_up")));
    return cells;
}

std::string sessions_report(json::object const& from, page const& on)
{
    static constexpr auto right = alignment::right;
    std::vector<column> columns{
        {"SESSION"},
        {"DEVICE"},
        {"NAME", alignment::left, fitting::may_be_cut},
        {"LISTENER"},
        {"PEER"},
        {"PROTOCOL"},
        {"KEY"},
        {"AGE", right},
        {"IDLE", right},
        {"UP", right},
    };
    if (shows_rates(on))
        columns.push_back({"UP/S", right});
    table lines{std::move(columns), on.width};
    auto const& sessions = array_in(from, "sessions");
    for (auto const& each : sessions)
        lines.add(session_cells(as_object(each), on));
    auto text = lines.take();
    auto const* const truncated = from.if_contains("truncated");
    if (truncated && truncated->is_bool() && truncated->get_bool())
        text += "(" + std::to_string(sessions.size()) + " of " + cell(from, "total") +
                " sessions; --limit N shows more)\n";
    return text;
}

}  // namespace

int run_sessions(call const& what)
{
    auto const& words = what.words;
    static_cast<void>(words.number("--limit"));
    target path{"/v1/sessions"};
    path.parameter("device", words.text("--device"))
        .parameter("listener", words.text("--listener"))
        .parameter("credential", words.text("--credential"))
        .parameter("limit", words.text("--limit"));
    return show(what, {.target = path.text()}, sessions_report);
}

int run_session_close(call const& what)
{
    target path{"/v1/sessions"};
    path.segment(what.words.operand(0)).segment("close");
    return show_done(
        what,
        {verb::post, path.text()},
        [](json::object const&, page const&) -> std::string { return "closed\n"; }
    );
}

}  // namespace gatehouse::ctl
