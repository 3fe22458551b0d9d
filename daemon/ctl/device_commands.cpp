#include "device_commands.h"

#include "confirmation.h"
#include "device_list.h"
#include "device_report.h"
#include "document.h"
#include "failure.h"
#include "request_body.h"
#include "secret_file.h"
#include "show.h"
#include "target.h"
#include "visible_text.h"

namespace gatehouse::ctl {

namespace {

namespace json = boost::json;

std::string device_path(call const& what, std::string_view action)
{
    target path{"/v1/devices"};
    path.segment(what.words.operand(0));
    if (!action.empty())
        path.segment(action);
    return path.text();
}

request_body with_credentials(call const& what)
{
    request_body body;
    body.add("credentials", what.words.text("--credentials"));
    return body;
}

assent assent_of(call const& what)
{
    return what.words.has("--yes") ? assent::given : assent::open;
}

std::string device_and_set(call const& what)
{
    auto text = visible(what.words.operand(0));
    if (auto const set = what.words.text("--credentials"))
        text += " of " + visible(*set);
    return text;
}

// "device 02:00:00:00:00:01 "
std::string device_of(arguments const& words)
{
    return "device " + visible(words.operand(0)) + ' ';
}

// What is in force is perhaps not on the disk yet: then the daemon says so.
std::string disk_warning(json::object const& from)
{
    auto const* const stored = from.if_contains("stored");
    bool const waits = stored != nullptr && stored->is_bool() && !stored->get_bool();
    return waits ? "WARNING: " + cell(from, "detail") + '\n' : std::string{};
}

std::string revoke_outcome(json::object const& from, arguments const& words)
{
    auto const id = words.text("--key-id");
    return device_of(words) + "revoked, " + (id ? "key " + visible(*id) : "all keys") + '\n' +
           disk_warning(from);
}

std::string import_outcome(json::object const& from, arguments const& /*words*/)
{
    return cell(from, "added") + " added, " + cell(from, "replaced") + " replaced\n";
}

}  // namespace

int run_device_list(call const& what)
{
    return list_devices(what);
}

int run_device_show(call const& what)
{
    target path{"/v1/devices"};
    path.segment(what.words.operand(0)).parameter("credentials", what.words.text("--credentials"));
    return show(what, {.target = path.text()}, device_report);
}

int run_device_enable(call const& what)
{
    return show_done(
        what,
        {verb::post, device_path(what, "enable"), with_credentials(what).text()},
        [](json::object const&, arguments const& words) { return device_of(words) + "enabled\n"; }
    );
}

int run_device_disable(call const& what)
{
    return show_done(
        what,
        {verb::post, device_path(what, "disable"), with_credentials(what).text()},
        [](json::object const& from, arguments const& words) {
            return device_of(words) + "disabled\n" + disk_warning(from);
        }
    );
}

int run_device_remove(call const& what)
{
    confirm(
        "Remove device " + device_and_set(what) + " with its keys and end its sessions",
        assent_of(what)
    );
    target path{"/v1/devices"};
    path.segment(what.words.operand(0)).parameter("credentials", what.words.text("--credentials"));
    return show_done(
        what,
        {verb::remove, path.text()},
        [](json::object const&, arguments const& words) { return device_of(words) + "removed\n"; }
    );
}

int run_device_revoke(call const& what)
{
    auto const id = what.words.text("--key-id");
    confirm(
        (id ? "Revoke key " + visible(*id) : std::string{"Revoke all keys"}) + " of device " +
            device_and_set(what) + " and end the sessions with it",
        assent_of(what)
    );
    auto body = with_credentials(what);
    body.add("id", id);
    return show_done(what, {verb::post, device_path(what, "revoke"), body.text()}, revoke_outcome);
}

int run_device_import(call const& what)
{
    auto const policy = what.words.text("--policy").value_or("add");
    if (policy != "add" && policy != "replace")
        throw usage_error{"--policy is add or replace"};
    std::string const file{what.words.operand(0)};
    auto text = read_secret_file(file, credential_file_limit);
    if (policy == "replace")
        confirm(
            "Replace devices that exist by those of " + visible(file) +
                ", and end the sessions of keys that are not in it",
            assent_of(what)
        );
    target path{"/v1/import"};
    path.parameter("credentials", what.words.text("--credentials")).parameter("policy", policy);
    return show_done(
        what, {verb::post, path.text(), std::move(text), "application/yaml"}, import_outcome
    );
}

}  // namespace gatehouse::ctl
