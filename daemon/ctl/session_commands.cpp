#include "session_commands.h"

#include "document.h"
#include "show.h"
#include "table.h"
#include "target.h"
#include "time_text.h"
#include "visible_text.h"

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
        {"DEVICE", alignment::left, {17, 0}},
        {"NAME", alignment::left, {8, 2}},
        {"LISTENER", alignment::left, {8, 3}},
        {"PEER", alignment::left, {15, 1}},
        {"PROTOCOL", alignment::left, {fitting::whole, 5}},
        {"KEY", alignment::left, {8, 4}},
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
    auto text = lines.finish();
    auto const* const truncated = from.if_contains("truncated");
    if (truncated && truncated->is_bool() && truncated->get_bool())
        text += "(" + std::to_string(sessions.size()) + " of " +
                count_of(number_in(from, "total").value_or(0), "session") +
                "; --limit N shows more)\n";
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
        [](json::object const& /*from*/, arguments const& words) {
            return "session " + visible(words.operand(0)) + " closed\n";
        }
    );
}

}  // namespace gatehouse::ctl
