#include "key_commands.h"

#include "document.h"
#include "failure.h"
#include "show.h"
#include "table.h"
#include "target.h"
#include "time_text.h"

namespace gatehouse::ctl {

namespace {

namespace json = boost::json;
constexpr auto right = alignment::right;

std::string credentials_report(json::object const& from, page const& on)
{
    table lines{
        {{"NAME", alignment::left, may_be_cut},
         {"SOURCE", alignment::left, {fitting::whole, 2}},
         {"DEVICES", right},
         {"MASTERS", right, {fitting::whole, 1}},
         {"ACTIVE", right},
         {"EXPIRING", right},
         {"EXPIRED", right},
         {"PENDING", right},
         {"REVOKED", right},
         {"SESSIONS", right},
         {"PATH", alignment::left, {8, 3}}},
        on.width};
    for (auto const& each : array_in(from, "credentials")) {
        auto const& set = as_object(each);
        auto const& keys = object_in(set, "keys");
        lines.add(
            {cell(set, "name"),
             cell(set, "source"),
             cell(set, "devices"),
             cell(set, "masters"),
             cell(keys, "active"),
             cell(keys, "expiring"),
             cell(keys, "expired"),
             cell(keys, "pending"),
             cell(keys, "revoked"),
             cell(set, "sessions"),
             cell(set, "path")}
        );
    }
    return lines.finish();
}

std::string states_cell(json::object const& key)
{
    std::string text;
    auto const& states = object_in(key, "states");
    for (auto const& each : states)
        if (number_in(states, each.key()).value_or(0) > 0)
            text += (text.empty() ? "" : ", ") + cell(each.value()) + ' ' +
                    cell(json::value(each.key()));
    return text.empty() ? "-" : text;
}

std::string keys_report(json::object const& from, page const& on)
{
    table lines{
        {{"CREDENTIALS", alignment::left, {11, 2}},
         {"KEY", alignment::left, may_be_cut},
         {"KIND", alignment::left, {fitting::whole, 1}},
         {"DEVICES", right},
         {"SEEN", right},
         {"SESSIONS", right},
         {"LAST USED", right},
         {"STATES", alignment::left, {8, 3}}},
        on.width};
    for (auto const& each : array_in(from, "keys")) {
        auto const& key = as_object(each);
        lines.add(
            {cell(key, "credentials"),
             cell(key, "id"),
             cell(key, "kind"),
             cell(key, "devices"),
             cell(key, "seen"),
             cell(key, "sessions"),
             age_cell(key, "last_used", on),
             states_cell(key)}
        );
    }
    return lines.finish();
}

std::string stale_report(json::object const& from, page const& on)
{
    table lines{
        {{"DEVICE", alignment::left, {17, 0}},
         {"NAME", alignment::left, {8, 1}},
         {"LAST SEEN", right},
         {"SESSION", alignment::left, {fitting::whole, 2}}},
        on.width};
    auto const& devices = array_in(from, "devices");
    for (auto const& each : devices) {
        auto const& device = as_object(each);
        lines.add(
            {cell(device, "device"),
             cell(device, "name"),
             age_cell(device, "last_seen", on),
             cell(device, "session")}
        );
    }
    auto const total = number_in(from, "total").value_or(0);
    auto text =
        count_of(total, "device") + " of " + cell(from, "credentials") +
        (total == 1 ? " has a newer key than " : " have a newer key than ") + cell(from, "id") +
        (total == 1 ? " and was not seen with it yet\n" : " and were not seen with it yet\n");
    if (!devices.empty())
        text += '\n' + lines.finish();
    auto const* const truncated = from.if_contains("truncated");
    if (truncated && truncated->is_bool() && truncated->get_bool())
        text += "(the first " + std::to_string(devices.size()) + " of " +
                count_of(total, "device") + "; --limit N shows more)\n";
    return text;
}

}  // namespace

int run_credentials(call const& what)
{
    return show(what, {.target = "/v1/credentials"}, credentials_report);
}

int run_keys(call const& what)
{
    auto const& words = what.words;
    static_cast<void>(words.number("--limit"));
    target path{"/v1/keys"};
    auto const stale = words.text("--stale");
    if (!stale && words.has("--limit"))
        throw usage_error{"--limit goes with --stale: without it all keys are shown"};
    if (stale && stale->empty())
        throw usage_error{"--stale needs the id of a key"};
    if (stale)
        path.segment(*stale).segment("stale");
    path.parameter("credentials", words.text("--credentials"))
        .parameter("limit", words.text("--limit"));
    return show(what, {.target = path.text()}, stale ? stale_report : keys_report);
}

}  // namespace gatehouse::ctl
