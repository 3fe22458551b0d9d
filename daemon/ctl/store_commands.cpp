#include "store_commands.h"

#include "confirmation.h"
#include "document.h"
#include "failure.h"
#include "request_body.h"
#include "show.h"
#include "time_text.h"
#include "visible_text.h"

#include <filesystem>
#include <system_error>

namespace gatehouse::ctl {

namespace {

namespace json = boost::json;

std::string backup_outcome(json::object const& from, arguments const& /*words*/)
{
    return "store copied, file " + cell(from, "file") + '\n';
}

std::string purge_outcome(json::object const& from, arguments const& /*words*/)
{
    return count_of(number_in(from, "purged").value_or(0), "key") + " forgotten\n";
}

}  // namespace

int run_store_backup(call const& what)
{
    // The daemon writes the file, and has a working directory of its own.
    std::error_code lost;
    auto const file =
        std::filesystem::absolute(std::string{what.words.operand(0)}, lost).lexically_normal();
    if (lost)
        throw failure{"failed", "the directory that we are in: " + lost.message()};
    request_body body;
    body.add("credentials", what.words.text("--credentials"));
    body.add("file", std::string_view{file.native()});
    return show_done(what, {verb::post, "/v1/backup", body.text()}, backup_outcome);
}

int run_store_purge(call const& what)
{
    auto const span = what.words.text("--closed-for");
    if (!span)
        throw usage_error{"--closed-for is needed: how long a key must have been over (90d)"};
    confirm(
        "Forget all keys that closed or were revoked " + visible(*span) + " ago or earlier",
        what.words.has("--yes") ? assent::given : assent::open
    );
    request_body body;
    body.add("credentials", what.words.text("--credentials"));
    body.add("closed_for", span);
    return show_done(what, {verb::post, "/v1/purge", body.text()}, purge_outcome);
}

}  // namespace gatehouse::ctl
