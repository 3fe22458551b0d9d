#include "store_writer.h"

#include "managed_store.h"

#include <algorithm>
#include <utility>

namespace gatehouse {

store_writer::store_writer(boost::asio::io_context& context)
    : timer_{context.get_executor()}
    , thread_{context}
{
}

void store_writer::run(config::credential_set const& set, work what, finished done)
{
    auto const failed = std::make_shared<std::optional<store::failure>>();
    thread_.run(
        [this, set, failed, change = std::move(what)] { *failed = perform(set, change); },
        [this, failed, told = std::move(done)](std::string const& thrown) {
            if (!thrown.empty())
                *failed = store::failure{store::failure_kind::internal, thrown};
            if (owed_.size() > 0)
                try_again_later();
            else
                pause_ = first_pause;
            told(std::move(*failed));
        }
    );
}

void store_writer::owe(owed_change what, work then, finished tried)
{
    auto const set = what.set;
    owed_.add(std::move(what));
    run(set, std::move(then), std::move(tried));
}

// On the thread. A handle stays open for the next change, unless something is wrong with it, or its
// file is not the one that has its name: what was written there would be lost.
std::optional<store::failure> store_writer::perform(
    config::credential_set const& set, work const& what
)
{
    auto const opened_as = set.store + '\n' + set.store_key;
    auto const file = print_of(set.store);
    auto found = stores_.find(opened_as);
    if (found != stores_.end() && !found->second.file.is_same_file(file)) {
        stores_.erase(found);
        found = stores_.end();
    }
    if (found == stores_.end()) {
        stores_.clear();  // a reload may have brought others
        config::problems problems;
        auto opened = open_store(set, {}, random_, problems);
        if (!opened) {
            owed_.note_failure(set, problems.front().text);
            return store::failure{store::failure_kind::cannot_open, problems.front().text};
        }
        found = stores_.emplace(opened_as, open_one{std::move(*opened), file}).first;
    }
    if (auto why = owed_.write_to(found->second.store, set)) {
        stores_.erase(found);
        return why;
    }
    auto const done = what(found->second.store);
    if (done)
        return std::nullopt;
    return done.error();
}

void store_writer::try_again_later()
{
    if (std::exchange(waiting_, true))
        return;
    timer_.expires_after(pause_);
    pause_ = std::min(2 * pause_, longest_pause);
    timer_.async_wait([this](boost::system::error_code failure) {
        waiting_ = false;
        if (!failure)
            try_again();
    });
}

// Once for each store.
void store_writer::try_again()
{
    std::map<std::string, config::credential_set> sets;
    for (auto const& change : owed_.all())
        sets.emplace(change.set.store, change.set);
    for (auto const& [path, set] : sets)
        run(
            set, [](store::device_store&) { return store::outcome<>{}; }, [](auto const&) {}
        );
}

}  // namespace gatehouse
