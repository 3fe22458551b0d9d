// Changes of a whole managed store, and copies of it.
#include "administration.h"
#include "identity/keyring_reuse.h"
#include "managed_store.h"
#include "net/clock.h"
#include "store_answers.h"

#include <memory>
#include <utility>

namespace gatehouse {

// `change` on the reading thread, then all of the store goes to the workers.
void administration::change_whole_store(
    config::credential_set const& set, store_change change, reply answer
)
{
    // What the store said to `change`: what was done, or the refusal.
    auto const said = std::make_shared<std::variant<admin::refusal, boost::json::object>>();
    auto const make = [this, set, change = std::move(change), said](
                          auto const& now, config::problems& found
                      ) -> std::shared_ptr<identity::keyring const> {
        auto opened = open_store(set, {}, random_, found);
        if (!opened) {
            *said = admin::refusal{500, "failed", found.front().text};
            return nullptr;
        }
        auto done = change(*opened);
        if (!done) {
            *said = refusal_of(done.error());
            found.push_back({set.store, 0, 0, done.error().text});
            return nullptr;
        }
        *said = std::move(*done);
        auto read = load_store(set, store::open_mode::existing, now->key_ids(), found);
        return read ? identity::reuse(now, std::move(read)) : nullptr;
    };
    auto const tell = [said, to = std::move(answer)](reload_outcome const& outcome) {
        if (auto const* why = std::get_if<admin::refusal>(said.get())) {
            to(admin::answer_with(*why));
            return;
        }
        if (!outcome.done()) {
            to(admin::answer_with(admin::refusal{
                500, "failed", "stored, but not in force: " + outcome.problems.front().text}));
            return;
        }
        auto document = std::get<boost::json::object>(*said);
        document.emplace("done", true);
        to(admin::answer_with(document));
    };
    daemon_.change_keyring(set.name, make, tell);
}

void administration::purge_keys(
    admin::command const& what, config::credential_set const& set, reply answer
)
{
    auto const span = parse_span(what.find("closed_for").value_or(""));
    if (!span) {
        answer(admin::answer_with(admin::refusal{
            400, "bad_request", "\"closed_for\" must be a time span such as 90d"}));
        return;
    }
    auto const purge = [before = read_wall_clock() - *span](store::device_store& open
                       ) -> store::outcome<boost::json::object> {
        auto const count = open.purge(before);
        if (!count)
            return count.error();
        return boost::json::object{{"purged", *count}};
    };
    change_whole_store(set, purge, std::move(answer));
}

void administration::back_up(
    admin::command const& what, config::credential_set const& set, reply answer
)
{
    auto const file = what.find("file").value_or("");
    if (file.empty() || file.front() != '/') {
        answer(admin::answer_with(admin::refusal{
            400, "bad_request", "\"file\" must be the whole path of a file, from / on"}));
        return;
    }
    auto const made = std::make_shared<admin::answer>();
    auto const work = [this, set, file, made] {
        config::problems problems;
        auto opened = open_store(set, {}, random_, problems);
        if (!opened) {
            *made = admin::answer_with(admin::refusal{500, "failed", problems.front().text});
            return;
        }
        auto const done = opened->backup(file);
        *made = done ? admin::answer_with(boost::json::object{{"done", true}, {"file", file}})
                     : admin::answer_with(refusal_of(done.error()));
    };
    daemon_.do_aside(work, [made, to = std::move(answer)] { to(std::move(*made)); });
}

}  // namespace gatehouse
