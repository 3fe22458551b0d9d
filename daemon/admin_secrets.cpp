// The commands that show a secret, and those that need a managed store.
#include "administration.h"
#include "base/hex.h"

#include <utility>

namespace gatehouse {

// Of the newest key, unless one is named.
void administration::show_psk(admin::command const& what, reply const& answer)
{
    auto const found = device_of(what);
    if (auto const* wrong = std::get_if<admin::refusal>(&found)) {
        answer(admin::answer_with(*wrong));
        return;
    }
    auto const& [slot, device] = std::get<known_device>(found);
    auto const& ring = *daemon_.snapshot().credentials[slot].keyring;
    if (ring.find_listed(device)) {
        answer(admin::answer_with(admin::refusal{
            409,
            "listed",
            "device " + device.text() +
                " has keys of its own, which are not shown; only derived keys are"}));
        return;
    }
    std::vector<identity::key_index> wanted;
    if (auto const id = what.find("id")) {
        if (auto const key = ring.index_of(*id))
            wanted.push_back(*key);
    } else {
        for (auto const& master : ring.masters())
            if (master.devices.covers(device))
                wanted.push_back(master.id);
    }
    for (auto const key : wanted) {
        auto const secret = ring.derived_for(device, key);
        if (!secret)
            continue;
        answer(admin::answer_with(boost::json::object{
            {"device", device.text()},
            {"id", ring.key_ids()[key]},
            {"secret", "hex:" + to_hex(secret->expose())},
        }));
        return;
    }
    answer(admin::answer_with(admin::refusal{
        404, "unknown_key", "device " + device.text() + " has no such key that is accepted"}));
}

}  // namespace gatehouse
