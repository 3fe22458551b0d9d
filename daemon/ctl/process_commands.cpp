#include "process_commands.h"

#include "confirmation.h"
#include "document.h"
#include "request_body.h"
#include "show.h"
#include "status_report.h"
#include "version.h"
#include "visible_text.h"

namespace gatehouse::ctl {

namespace {

namespace json = boost::json;

std::string version_report(json::object const& from, page const& /*on*/)
{
    return "gatehousectl " + std::string{version} + "\ngatehoused " + cell(from, "version") +
           ", OpenSSL " + cell(from, "openssl") + ", interface " + cell(from, "api") + '\n';
}

std::string reload_outcome(json::object const& from, arguments const& /*words*/)
{
    auto text = "reloaded, generation " + cell(from, "generation");
    for (auto const& each : array_in(from, "changes"))
        text += "\n  " + cell(each);
    return text + '\n';
}

std::string level_report(json::object const& from, page const& /*on*/)
{
    return cell(from, "level") + '\n';
}

}  // namespace

int run_version(call const& what)
{
    return show(what, {.target = "/v1/version"}, version_report);
}

int run_status(call const& what)
{
    return show(what, {.target = "/v1/status"}, status_report);
}

int run_reload(call const& what)
{
    return show_done(what, {verb::post, "/v1/reload"}, reload_outcome);
}

int run_drain(call const& what)
{
    confirm(
        "End all sessions and then the daemon",
        what.words.has("--yes") ? assent::given : assent::open
    );
    return show_done(
        what,
        {verb::post, "/v1/drain"},
        [](json::object const&, arguments const&) -> std::string {
            return "draining, no new sessions, and the daemon ends after the last one\n";
        }
    );
}

int run_log_level(call const& what)
{
    auto const level = what.words.operand(0);
    if (level.empty())
        return show(what, {.target = "/v1/log-level"}, level_report);
    request_body body;
    body.add("level", level);
    return show_done(
        what,
        {verb::put, "/v1/log-level", body.text()},
        [](json::object const&, arguments const& words) {
            return "log level set, " + visible(words.operand(0)) + '\n';
        }
    );
}

}  // namespace gatehouse::ctl
