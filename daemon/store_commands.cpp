// Changes of devices in managed stores, and how they get into every worker's keyring.
#include "admin_documents.h"
#include "administration.h"
#include "base/hex.h"
#include "config/credentials.h"
#include "config/secret_text.h"
#include "config/values.h"
#include "json_time.h"
#include "managed_store.h"
#include "net/clock.h"
#include "store_answers.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace gatehouse {

namespace {

constexpr std::size_t made_key_size = 32;

// The day, and a number behind it when the device has a key of that day already.
std::string new_key_id(std::vector<store::stored_key> const& present, wall_time now)
{
    auto const day = std::string{json_time(now).as_string()}.substr(0, 10);
    auto id = day;
    for (int next = 2;
         std::any_of(present.begin(), present.end(), [&](auto const& key) { return key.id == id; });
         ++next)
        id = day + '-' + std::to_string(next);
    return id;
}

using key_or_refusal = std::variant<store::new_key, admin::refusal>;

admin::refusal bad(std::string why)
{
    return {400, "bad_request", std::move(why)};
}

// `from` has "id", "secret", "not_before", "not_after", all optional; without a secret one is made.
key_or_refusal read_key(boost::json::object const& from, crypto::random_source& random)
{
    auto const text = [&](std::string_view name) -> std::optional<std::string> {
        auto const* member = from.if_contains(name);
        if (member == nullptr || !member->is_string())
            return std::nullopt;
        return std::string{member->get_string()};
    };
    constexpr std::array<std::string_view, 4> known{"id", "secret", "not_before", "not_after"};
    for (auto const& member : from) {
        if (std::find(known.begin(), known.end(), std::string_view{member.key()}) == known.end())
            return bad("a key has no member \"" + std::string{member.key()} + '"');
        if (!member.value().is_string())
            return bad("\"" + std::string{member.key()} + "\" must be a text");
    }
    store::new_key made;
    made.id = text("id").value_or("");
    if (config::looks_like_secret(made.id))
        return bad("\"id\" looks like a secret");
    if (auto const written = text("secret")) {
        config::no_secret_files none;
        auto read = config::parse_secret(*written, none, any_length);
        if (auto const* why = std::get_if<std::string>(&read))
            return bad("\"secret\": " + *why);
        made.secret = std::move(std::get<secret_bytes>(read));
        if (made.secret.expose().size() < identity::shortest_psk)
            return bad("\"secret\" must be 16 bytes or more");
    } else {
        std::array<std::uint8_t, made_key_size> drawn{};
        random.fill(drawn);
        made.secret = secret_bytes{drawn};
    }
    for (auto const& [name, into] :
         {std::pair{"not_before", &made.window.not_before},
          std::pair{"not_after", &made.window.not_after}})
        if (auto const when = text(name)) {
            auto const time = config::parse_time(*when);
            if (!time)
                return bad(
                    "\"" + std::string{name} + "\" must be a time such as 2026-12-01T00:00:00Z"
                );
            *into = *time;
        }
    return made;
}

// With the secret only when it was made here.
boost::json::object key_document(store::new_key const& key, bool shows_secret)
{
    boost::json::object made{{"id", key.id}};
    if (shows_secret)
        made.emplace("secret", "hex:" + to_hex(key.secret.expose()));
    return made;
}

}  // namespace

// The set's settings; or why it is no store.
std::variant<config::credential_set, admin::refusal> administration::managed(std::size_t slot) const
{
    auto const& set = settings_of_set(daemon_.snapshot(), slot);
    if (!set.store.empty())
        return set;
    return admin::refusal{
        409,
        "not_managed",
        "the devices of \"" + set.name + "\" stand in a file; edit " + set.file +
            ", it is loaded at once",
    };
}

// The device that a change is about, or the set alone.
std::variant<administration::known_device, admin::refusal> administration::target_of(
    admin::command const& what
) const
{
    using admin::verb;
    if (what.what != verb::add_device && what.what < verb::import_devices)
        return device_of(what);
    auto const found = credentials_of(what);
    if (auto const* wrong = std::get_if<admin::refusal>(&found))
        return *wrong;
    return known_device{std::get<std::size_t>(found), {}};
}

void administration::change_store(admin::command const& what, reply answer)
{
    using admin::verb;
    auto const about = target_of(what);
    if (auto const* wrong = std::get_if<admin::refusal>(&about)) {
        answer(admin::answer_with(*wrong));
        return;
    }
    auto const& where = std::get<known_device>(about);
    auto const found = managed(where.slot);
    if (auto const* wrong = std::get_if<admin::refusal>(&found)) {
        answer(admin::answer_with(*wrong));
        return;
    }
    auto const& set = std::get<config::credential_set>(found);
    switch (what.what) {
    case verb::add_device:
        add_device(what, set, std::move(answer));
        return;
    case verb::rotate_key:
        rotate_key(what, set, where.device, std::move(answer));
        return;
    case verb::import_devices:
        import_devices(what, set, std::move(answer));
        return;
    case verb::export_devices:
        export_devices(set, std::move(answer));
        return;
    case verb::purge_keys:
        purge_keys(what, set, std::move(answer));
        return;
    case verb::back_up:
        back_up(what, set, std::move(answer));
        return;
    case verb::disable_device:
        lock_out({.set = set, .device = where.device}, std::move(answer));
        return;
    case verb::revoke_key: {
        auto const id = what.find("id");
        auto const kind = id ? owed_change::kind::revoke_key : owed_change::kind::revoke_all;
        lock_out(
            {.set = set, .device = where.device, .what = kind, .key_id = id.value_or("")},
            std::move(answer)
        );
        return;
    }
    default:
        change_one(
            set,
            where.device,
            [device = where.device,
             what = what.what,
             now = read_wall_clock()](store::device_store& open, boost::json::object&) {
                return what == verb::remove_device
                           ? open.remove(device)
                           : open.set_access(device, store::device_access::enabled, now);
            },
            std::move(answer)
        );
        return;
    }
}

void administration::change_one(
    config::credential_set const& set,
    identity::device_id const& device,
    device_change change,
    reply answer
)
{
    struct progress {
        boost::json::object document;
        std::shared_ptr<std::optional<store::stored_device>> stored =
            std::make_shared<std::optional<store::stored_device>>();
    };
    auto const made = std::make_shared<progress>();
    made->document.emplace("device", device.text());
    auto const work = [made, device, change = std::move(change)](store::device_store& open
                      ) -> store::outcome<> {
        if (auto const done = change(open, made->document); !done)
            return done.error();
        auto found = open.find(device);
        if (found)
            *made->stored = std::move(*found);
        else if (found.error().kind != store::failure_kind::unknown_device)
            return found.error();
        return {};
    };
    auto const go_on = [this, set, device, made, to = std::move(answer)](auto const& failed) {
        if (failed)
            to(admin::answer_with(refusal_of(*failed)));
        else
            publish(set, device, made->stored, std::move(made->document), to);
    };
    daemon_.stores().run(set, work, go_on);
}

// What the store says of the device now goes to the workers; then `done` is the answer.
void administration::publish(
    config::credential_set const& set,
    identity::device_id const& device,
    std::shared_ptr<std::optional<store::stored_device>> stored,
    boost::json::object done,
    reply answer
)
{
    done.emplace("done", true);
    daemon_.change_keyring(
        set.name,
        [set,
         device,
         stored = std::move(stored),
         owed = daemon_.stores().owed().all()](auto const& now, config::problems&) {
            return with_owed(now->with(changes_of(*now, device, std::move(*stored))), set, owed);
        },
        [reply_to = std::move(answer), document = std::move(done)](reload_outcome const& outcome) {
            reply_to(
                outcome.done() ? admin::answer_with(document)
                               : admin::answer_with(admin::refusal{
                                     500,
                                     "failed",
                                     "stored, but not in force: " + outcome.problems.front().text})
            );
        }
    );
}

void administration::add_device(
    admin::command const& what, config::credential_set const& set, reply answer
)
{
    auto const id = identity::device_id::parse_mac(what.find("device").value_or(""));
    if (!id) {
        answer(admin::answer_with(bad("\"device\" must be a device id such as 02:00:00:00:00:01")));
        return;
    }
    auto const* member = what.body.if_contains("key");
    boost::json::object const empty;
    auto const& written = member != nullptr && member->is_object() ? member->get_object() : empty;
    auto key = read_key(written, random_);
    if (auto const* wrong = std::get_if<admin::refusal>(&key)) {
        answer(admin::answer_with(*wrong));
        return;
    }
    auto& made = std::get<store::new_key>(key);
    auto const now = read_wall_clock();
    if (made.id.empty())
        made.id = new_key_id({}, now);
    auto const document = key_document(made, !written.contains("secret"));
    auto const device = std::make_shared<store::new_device>();
    device->id = *id;
    device->name = what.find("name").value_or("");
    device->keys.push_back(std::move(made));
    auto const add = [device, now, document](store::device_store& open, boost::json::object& into) {
        into.emplace("key", document);
        return open.add(*device, now);
    };
    change_one(set, *id, add, std::move(answer));
}

void administration::rotate_key(
    admin::command const& what,
    config::credential_set const& set,
    identity::device_id const& device,
    reply answer
)
{
    auto const overlap = parse_span(what.find("overlap").value_or("7d"));
    if (!overlap) {
        answer(admin::answer_with(bad("\"overlap\" must be a time span such as 7d, 12h or 0")));
        return;
    }
    boost::json::object written;
    for (auto const name : {"id", "secret"})
        if (auto const text = what.find(name))
            written.emplace(name, *text);
    auto key = read_key(written, random_);
    if (auto const* wrong = std::get_if<admin::refusal>(&key)) {
        answer(admin::answer_with(*wrong));
        return;
    }
    auto const made = std::make_shared<store::new_key>(std::get<store::new_key>(std::move(key)));
    auto const now = read_wall_clock();
    auto const closes = now + *overlap;
    bool const is_drawn = !written.contains("secret");
    auto const rotate = [made, device, now, closes, is_drawn](
                            store::device_store& open, boost::json::object& into
                        ) -> store::outcome<> {
        auto const present = open.find(device);
        if (!present)
            return present.error();
        if (made->id.empty())
            made->id = new_key_id(present->keys, now);
        into.emplace("key", key_document(*made, is_drawn));
        into.emplace("closes", json_time(closes));
        return open.rotate(device, *made, {closes, now});
    };
    change_one(set, device, rotate, std::move(answer));
}

}  // namespace gatehouse
