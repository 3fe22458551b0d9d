// Whole fleets into and out of a managed store, in the form of a credential file.
#include "admin_documents.h"
#include "administration.h"
#include "base/hex.h"
#include "config/credentials.h"
#include "json_time.h"
#include "managed_store.h"
#include "net/clock.h"

#include <boost/json/serialize.hpp>

#include <memory>
#include <utility>

namespace gatehouse {

namespace {

// In quotes, as YAML and JSON both read it.
std::string quoted(std::string_view text)
{
    return boost::json::serialize(boost::json::string{text});
}

std::string text_of(wall_time when)
{
    return std::string{json_time(when).as_string()};
}

void write_key(store::stored_key const& key, std::string& into)
{
    into +=
        "      - {id: " + quoted(key.id) + ", secret: \"hex:" + to_hex(key.secret.expose()) + '"';
    if (key.window.not_before != wall_time::min())
        into += ", not_before: \"" + text_of(key.window.not_before) + '"';
    if (key.window.not_after != wall_time::max())
        into += ", not_after: \"" + text_of(key.window.not_after) + '"';
    into += "}\n";
}

// A device that has only revoked keys, or none, is not written: there is nothing to connect with.
void write_device(store::stored_device const& device, std::string& into)
{
    std::string keys;
    for (auto const& key : device.keys)
        if (!key.revoked_at)
            write_key(key, keys);
    if (keys.empty())
        return;
    into += "  " + quoted(device.id.text()) + ":\n";
    if (!device.name.empty())
        into += "    name: " + quoted(device.name) + '\n';
    if (device.access == store::device_access::disabled)
        into += "    enabled: false\n";
    if (device.legacy_session_id != identity::session_id_length::unknown)
        into += "    session_id_bytes: " +
                std::to_string(static_cast<unsigned>(device.legacy_session_id)) + '\n';
    into += "    psk:\n" + keys;
}

std::vector<store::new_device> devices_of(identity::keyring const& ring)
{
    std::vector<store::new_device> all;
    ring.for_each_device([&](identity::device_id const& id, identity::listed_device const& listed) {
        store::new_device made;
        made.id = id;
        made.name = listed.name();
        made.legacy_session_id = listed.legacy_session_id();
        if (listed.state() != identity::device_state::enabled)
            made.access = store::device_access::disabled;
        for (std::size_t i = 0; i < listed.key_count(); ++i) {
            auto const key = listed.key(i);
            if (key.mark != identity::key_mark::revoked)
                made.keys.push_back({ring.key_ids()[key.id], secret_bytes{key.value}, key.window});
        }
        all.push_back(std::move(made));
    });
    return all;
}

}  // namespace

void administration::import_devices(
    admin::command const& what, managed_set const& set, reply answer
)
{
    auto const policy = what.find("policy").value_or("add");
    if (policy != "add" && policy != "replace") {
        answer(admin::answer_with(admin::refusal{
            400, "bad_request", "\"policy\" must be add or replace"}));
        return;
    }
    config::problems problems;
    auto const parsed = config::parse_credentials(what.text, "import", secret_bytes{}, problems);
    if (!parsed.keyring) {
        answer(admin::answer_with(
            admin::refusal{422, "refused", "nothing was imported"},
            boost::json::object{{"problems", problems_document(problems)}}
        ));
        return;
    }
    if (parsed.keyring->has_wildcard() || !parsed.keyring->masters().empty()) {
        answer(admin::answer_with(admin::refusal{
            422, "refused", "a store holds listed devices only, no \"*\" and no \"derived\""}));
        return;
    }
    auto const devices =
        std::make_shared<std::vector<store::new_device>>(devices_of(*parsed.keyring));
    auto next = devices->begin();
    auto const done = set.open.import(
        [&]() -> store::outcome<std::optional<store::new_device>> {
            if (next == devices->end())
                return std::optional<store::new_device>{};
            return std::optional<store::new_device>{std::move(*next++)};
        },
        policy == "add" ? store::import_policy::add_only : store::import_policy::replace,
        read_wall_clock()
    );
    if (!done) {
        answer(admin::answer_with(admin::refusal{422, "refused", done.error().text}));
        return;
    }
    boost::json::object document{
        {"done", true}, {"added", done->added}, {"replaced", done->replaced}};
    daemon_.change_keyring(
        set.config.name,
        [config = set.config](identity::keyring const& now) {
            config::problems ignored;
            return load_store(config, store::open_mode::existing, now.key_ids(), ignored);
        },
        [to = std::move(answer), document = std::move(document)](reload_outcome const& outcome) {
            to(outcome.done() ? admin::answer_with(document)
                              : admin::answer_with(admin::refusal{
                                    500, "failed", "stored, but not in force; reload"}));
        }
    );
}

void administration::export_devices(managed_set const& set, reply answer)
{
    std::string file = "version: 1\ndevices:\n";
    std::size_t count = 0;
    auto const read = set.open.for_each_device([&](store::stored_device&& device) {
        auto const before = file.size();
        write_device(device, file);
        count += file.size() > before ? 1U : 0U;
    });
    if (!read) {
        answer(admin::answer_with(admin::refusal{500, "failed", read.error().text}));
        return;
    }
    if (count == 0)
        file = "version: 1\ndevices: {}\n";
    answer(admin::answer_with(boost::json::object{{"file", file}, {"devices", count}}));
}

}  // namespace gatehouse
