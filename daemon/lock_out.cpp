// Devices that are locked out: in force at once, and on the disk as soon as it can be written.
#include "administration.h"
#include "json_time.h"
#include "net/clock.h"

#include <chrono>
#include <memory>
#include <utility>

namespace gatehouse {

namespace {

// How long an answer waits for the disk.
constexpr std::chrono::seconds disk_patience{1};

// A command that is in force, and perhaps on the disk.
struct locking_out {
    locking_out(boost::asio::io_context& context, admin_endpoint::reply to)
        : timer{context.get_executor()}
        , answer{std::move(to)}
    {
    }

    void tell_if_known()
    {
        bool const knows_of_disk = tried || impatient;
        if (!in_force || !knows_of_disk || !answer)
            return;
        timer.cancel();
        auto const to = std::exchange(answer, nullptr);
        if (!refused.empty()) {
            to(admin::answer_with(admin::refusal{500, "failed", "not in force: " + refused}));
            return;
        }
        bool const stored = tried && failure.empty();
        document.emplace("done", true);
        document.emplace("stored", stored);
        if (!stored)
            document.emplace(
                "detail",
                "in force, but not on the disk yet; the daemon goes on trying: " +
                    (tried ? failure : std::string{"the disk is slow, or somebody else writes"})
            );
        to(admin::answer_with(document));
    }

    steady_timer timer;
    admin_endpoint::reply answer;
    boost::json::object document;
    std::string refused;
    std::string failure;
    bool in_force = false;
    bool tried = false;
    bool impatient = false;
};

}  // namespace

bool administration::knows_key(owed_change const& what) const
{
    for (auto const& slot : daemon_.snapshot().credentials) {
        if (slot.name != what.set.name)
            continue;
        auto const device = slot.keyring->find_listed(what.device);
        for (std::size_t i = 0; device && i < device->key_count(); ++i)
            if (slot.keyring->key_ids()[device->key(i).id] == what.key_id)
                return true;
    }
    return false;
}

void administration::lock_out(owed_change what, reply answer)
{
    if (what.what == owed_change::kind::revoke_key && !knows_key(what)) {
        answer(admin::answer_with(admin::refusal{
            404,
            "unknown_key",
            "device " + what.device.text() + " has no key \"" + what.key_id + '"'}));
        return;
    }
    what.since = read_wall_clock();
    auto const made = std::make_shared<locking_out>(daemon_.context(), std::move(answer));
    made->document.emplace("device", what.device.text());
    auto const stored = std::make_shared<std::optional<store::stored_device>>();
    auto const look = [stored,
                       device = what.device](store::device_store& open) -> store::outcome<> {
        if (auto found = open.find(device))
            *stored = std::move(*found);
        return {};
    };
    bool const others = daemon_.stores().busy();
    auto const tried = [this, made, what, stored, others](auto const& failed) {
        made->tried = true;
        made->failure = failed ? failed->text : std::string{};
        made->tell_if_known();
        // A change before it may have read the device meanwhile: the store has the last word.
        if (others && *stored)
            publish(what.set, what.device, stored, {}, [](auto const&) {});
    };
    daemon_.stores().owe(what, look, tried);
    auto const change = [what](auto const& now, config::problems&) { return in_force(now, what); };
    daemon_.change_keyring(what.set.name, change, [made](reload_outcome const& outcome) {
        made->in_force = true;
        made->refused = outcome.done() ? std::string{} : outcome.problems.front().text;
        made->tell_if_known();
    });
    made->timer.expires_after(disk_patience);
    made->timer.async_wait([made](boost::system::error_code cancelled) {
        made->impatient = !cancelled;
        made->tell_if_known();
    });
}

boost::json::array administration::unwritten_changes() const
{
    boost::json::array made;
    for (auto const& change : daemon_.stores().owed().all())
        made.push_back(boost::json::object{
            {"credentials", change.set.name},
            {"device", change.device.text()},
            {"what", name_of(change)},
            {"since", json_time(change.since)},
            {"detail", change.why},
        });
    return made;
}

}  // namespace gatehouse
