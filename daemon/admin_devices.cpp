// Devices as operators see them, whether they stand in a file, in a store or nowhere.
#include "admin_documents.h"
#include "administration.h"
#include "net/clock.h"

#include <algorithm>
#include <utility>

namespace gatehouse {

namespace {

boost::json::array rows_of(
    std::vector<identity::device_id> const& devices,
    credential_slot const& set,
    std::vector<device_sighting> const& seen
)
{
    boost::json::array rows;
    auto const now = read_wall_clock();
    for (auto const& device : devices) {
        auto const last = std::ranges::find(seen, device, &device_sighting::device);
        auto const sighting =
            last == seen.end() ? std::nullopt : std::optional<device_sighting>{*last};
        rows.push_back(device_document(device, set, sighting, now));
    }
    return rows;
}

}  // namespace

void administration::show_devices(
    std::size_t slot,
    std::vector<identity::device_id> const& devices,
    std::function<void(boost::json::array)> done
)
{
    auto const set = daemon_.snapshot().credentials[slot];
    sightings_of(
        slot,
        devices,
        [set, devices, finished = std::move(done)](std::vector<device_sighting> const& seen) {
            finished(rows_of(devices, set, seen));
        }
    );
}

void administration::list_devices(admin::command const& what, reply answer)
{
    auto const found = credentials_of(what);
    if (auto const* wrong = std::get_if<admin::refusal>(&found)) {
        answer(admin::answer_with(*wrong));
        return;
    }
    auto const text = what.find("after");
    auto const after = text ? identity::device_id::find(*text) : std::nullopt;
    if (text && !after) {
        answer(admin::answer_with(admin::refusal{
            400, "bad_request", "\"after\" names no device that there ever was"}));
        return;
    }
    auto const slot = std::get<std::size_t>(found);
    auto const limit = what.limit(admin::usual_rows);
    auto devices = pages_.page(daemon_.snapshot().credentials[slot].keyring, after, limit + 1);
    bool const more = devices.size() > limit;
    if (more)
        devices.pop_back();
    boost::json::value const next =
        more ? boost::json::value(devices.back().text()) : boost::json::value(nullptr);
    show_devices(slot, devices, [next, to = std::move(answer)](auto rows) {
        to(admin::answer_with(boost::json::object{{"devices", std::move(rows)}, {"next", next}}));
    });
}

void administration::show_device(admin::command const& what, reply answer)
{
    auto const found = device_of(what);
    if (auto const* wrong = std::get_if<admin::refusal>(&found)) {
        answer(admin::answer_with(*wrong));
        return;
    }
    auto const& [slot, device] = std::get<known_device>(found);
    show_devices(slot, {device}, [to = std::move(answer)](auto rows) {
        to(admin::answer_with(std::move(rows.front())));
    });
}

// Listed, or covered by a master: in the set that is named, or the only one that knows it.
std::variant<administration::known_device, admin::refusal> administration::device_of(
    admin::command const& what
) const
{
    auto const text = what.subject.empty() ? what.find("device").value_or("") : what.subject;
    auto const device = identity::device_id::find(text);
    if (!device)
        return identity::device_id::is_name(text)
                   ? admin::refusal{404, "unknown_device", "device " + text + " is not known"}
                   : admin::refusal{400, "bad_request", '"' + text + "\" is no device id"};
    auto const& snapshot = daemon_.snapshot();
    auto const only = what.find("credentials");
    std::optional<std::size_t> slot;
    bool named = false;
    for (std::size_t i = 0; i < snapshot.credentials.size(); ++i) {
        auto const& set = snapshot.credentials[i];
        if (set.name.empty() || (only && set.name != *only))
            continue;
        named = true;
        auto const& masters = set.keyring->masters();
        bool const known = set.keyring->find_listed(*device) ||
                           std::any_of(masters.begin(), masters.end(), [&](auto const& one) {
                               return one.devices.covers(*device);
                           });
        if (!known)
            continue;
        if (slot)
            return admin::refusal{
                409, "ambiguous", "several credential sets know this device; name one"};
        slot = i;
    }
    if (only && !named)
        return admin::refusal{404, "unknown_credentials", "there is no such credential set"};
    if (!slot)
        return admin::refusal{
            404, "unknown_device", "device " + device->text() + " is in no credential set"};
    return known_device{*slot, *device};
}

}  // namespace gatehouse
