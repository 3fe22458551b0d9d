// Changes of managed stores: on the disk first, then in every worker's keyring.
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
        if (made.secret.expose().size() < config::shortest_psk)
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

// The set's settings and its open store; or why not.
std::variant<administration::managed_set, admin::refusal> administration::managed(std::size_t place)
{
    auto const& house = daemon_.house();
    auto const& set = settings_of_set(house, place);
    if (set.store.empty())
        return admin::refusal{
            409,
            "not_managed",
            "the devices of \"" + set.name + "\" stand in a file; edit " + set.file +
                ", it is loaded at once",
        };
    auto const opened_as = set.store + '\n' + set.store_key;
    auto found = stores_.find(opened_as);
    if (found == stores_.end()) {
        stores_.clear();  // a reload may have brought others
        config::problems problems;
        auto opened = open_store(set, {.busy_wait = short_wait}, random_, problems);
        if (!opened)
            return admin::refusal{500, "failed", problems.front().text};
        found = stores_.emplace(opened_as, std::move(*opened)).first;
    }
    return managed_set{set, found->second};
}

void administration::change_store(admin::command const& what, reply answer)
{
    using admin::verb;
    bool const is_known = what.what != verb::add_device && what.what < verb::import_devices;
    std::variant<known_device, admin::refusal> about = known_device{};
    if (is_known) {
        about = device_of(what);
    } else {
        auto const found = credentials_of(what);
        if (auto const* wrong = std::get_if<admin::refusal>(&found))
            about = *wrong;
        else
            about = known_device{std::get<std::size_t>(found), {}};
    }
    if (auto const* wrong = std::get_if<admin::refusal>(&about)) {
        answer(admin::answer_with(*wrong));
        return;
    }
    auto const& where = std::get<known_device>(about);
    auto opened = managed(where.place);
    if (auto const* wrong = std::get_if<admin::refusal>(&opened)) {
        answer(admin::answer_with(*wrong));
        return;
    }
    auto const& set = std::get<managed_set>(opened);
    switch (what.what) {
    case verb::add_device:
        add_device(what, set, std::move(answer));
        return;
    case verb::rotate_key:
        rotate_key(what, set, where.device, std::move(answer));
        return;
    case verb::import_devices:
        import_devices(what, set.config, std::move(answer));
        return;
    case verb::export_devices:
        export_devices(set.config, std::move(answer));
        return;
    case verb::purge_keys:
        purge_keys(what, set.config, std::move(answer));
        return;
    case verb::back_up:
        back_up(what, set.config, std::move(answer));
        return;
    default:
        change_device(what, set, where.device, std::move(answer));
        return;
    }
}

// What the store says of the device now goes to the workers; then `done` is the answer.
void administration::publish(
    managed_set const& set,
    identity::device_id const& device,
    boost::json::object done,
    reply answer
)
{
    auto const stored = std::make_shared<std::optional<store::stored_device>>();
    if (auto found = set.open.find(device))
        *stored = std::move(*found);
    else if (found.error().kind != store::failure_kind::unknown_device) {
        answer(admin::answer_with(refusal_of(found.error())));
        return;
    }
    done.emplace("done", true);
    daemon_.change_keyring(
        set.config.name,
        [device, stored](auto const& now, config::problems&) {
            return now->with(changes_of(*now, device, std::move(*stored)));
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

void administration::add_device(admin::command const& what, managed_set const& set, reply answer)
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
    store::new_device device;
    device.id = *id;
    device.name = what.find("name").value_or("");
    device.keys.push_back(std::move(made));
    if (auto const added = set.open.add(device, now); !added) {
        answer(admin::answer_with(refusal_of(added.error())));
        return;
    }
    publish(set, *id, {{"device", id->text()}, {"key", document}}, std::move(answer));
}

void administration::rotate_key(
    admin::command const& what,
    managed_set const& set,
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
    auto& made = std::get<store::new_key>(key);
    auto const now = read_wall_clock();
    auto const present = set.open.find(device);
    if (!present) {
        answer(admin::answer_with(refusal_of(present.error())));
        return;
    }
    if (made.id.empty())
        made.id = new_key_id(present->keys, now);
    auto const closes = now + *overlap;
    if (auto const done = set.open.rotate(device, made, {closes, now}); !done) {
        answer(admin::answer_with(refusal_of(done.error())));
        return;
    }
    publish(
        set,
        device,
        {{"device", device.text()},
         {"key", key_document(made, !written.contains("secret"))},
         {"closes", json_time(closes)}},
        std::move(answer)
    );
}

void administration::change_device(
    admin::command const& what,
    managed_set const& set,
    identity::device_id const& device,
    reply answer
)
{
    using admin::verb;
    auto const now = read_wall_clock();
    auto const change = [&]() -> store::outcome<> {
        switch (what.what) {
        case verb::enable_device:
            return set.open.set_access(device, store::device_access::enabled, now);
        case verb::disable_device:
            return set.open.set_access(device, store::device_access::disabled, now);
        case verb::remove_device:
            return set.open.remove(device);
        default:
            break;
        }
        if (auto const id = what.find("id"))
            return set.open.revoke_key(device, *id, now);
        auto const all = set.open.revoke_keys(device, now);
        return all ? store::outcome<>{} : store::outcome<>{all.error()};
    };
    if (auto const done = change(); !done) {
        answer(admin::answer_with(refusal_of(done.error())));
        return;
    }
    publish(set, device, {{"device", device.text()}}, std::move(answer));
}

}  // namespace gatehouse
