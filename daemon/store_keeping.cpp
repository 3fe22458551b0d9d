// Changes of a whole managed store, and copies of it.
#include "administration.h"
#include "identity/keyring_reuse.h"
#include "managed_store.h"
#include "net/clock.h"
#include "store_answers.h"

#include <memory>
#include <utility>

namespace gatehouse {

// `ask` beside the main thread, of a handle of its own.
void administration::ask_store_aside(
    config::credential_set const& set, store_question ask, reply answer
)
{
    auto const made = std::make_shared<admin::answer>();
    auto const work = [this, set, ask = std::move(ask), made] {
        config::problems problems;
        auto opened = open_store(set, {}, random_, problems);
        *made = opened ? ask(*opened)
                       : admin::answer_with(admin::refusal{500, "failed", problems.front().text});
    };
    daemon_.do_aside(work, [made, to = std::move(answer)](std::string const& failure) {
        to(failure.empty() ? std::move(*made) : broken_off(failure));
    });
}

// `change` beside the main thread; then all of the store goes to the workers, as a reload does.
void administration::change_whole_store(
    config::credential_set const& set, store_change change, reply answer
)
{
    // What the store said to `change`: what was done, or the refusal.
    auto const said = std::make_shared<std::variant<admin::refusal, boost::json::object>>();
    auto const work = [this, set, change = std::move(change), said] {
        config::problems problems;
        auto opened = open_store(set, {}, random_, problems);
        if (!opened) {
            *said = admin::refusal{500, "failed", problems.front().text};
            return;
        }
        if (auto done = change(*opened))
            *said = std::move(*done);
        else
            *said = refusal_of(done.error());
    };
    auto const go_on = [this, set, said, to = std::move(answer)](std::string const& failure) {
        if (!failure.empty())
            to(broken_off(failure));
        else if (auto const* why = std::get_if<admin::refusal>(said.get()))
            to(admin::answer_with(*why));
        else
            publish_all(set, std::move(std::get<boost::json::object>(*said)), to);
    };
    daemon_.do_aside(work, go_on);
}

void administration::publish_all(
    config::credential_set const& set, boost::json::object done, reply answer
)
{
    auto const load = [set, owed = daemon_.stores().owed().all()](
                          auto const& now, config::problems& found
                      ) -> std::shared_ptr<identity::keyring const> {
        auto read = load_store(set, {}, now->key_ids(), found);
        return read ? identity::reuse(now, with_owed(std::move(read), set, owed)) : nullptr;
    };
    done.emplace("done", true);
    auto const tell = [document = std::move(done),
                       to = std::move(answer)](reload_outcome const& outcome) {
        if (outcome.done())
            to(admin::answer_with(document));
        else
            to(admin::answer_with(admin::refusal{
                500, "failed", "stored, but not in force: " + outcome.problems.front().text}));
    };
    daemon_.change_keyring(set.name, load, tell);
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
    auto const copy = [file](store::device_store& open) {
        auto const done = open.backup(file);
        return done ? admin::answer_with(boost::json::object{{"done", true}, {"file", file}})
                    : admin::answer_with(refusal_of(done.error()));
    };
    ask_store_aside(set, copy, std::move(answer));
}

}  // namespace gatehouse
