// A reload, step by step: read, compare, bind, hand to the workers, tell.
#include "attempt.h"
#include "net/clock.h"
#include "net/log.h"
#include "revocations.h"
#include "snapshot_labels.h"
#include "supervisor.h"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace gatehouse {

namespace {

std::vector<std::string> all_files(loaded_snapshot const& loaded)
{
    std::vector<std::string> all;
    for (auto const& files : loaded.files)
        all.insert(all.end(), files.begin(), files.end());
    return all;
}

config::position position_of(config::settings const& settings, config::listener const& listener)
{
    for (std::size_t i = 0; i < settings.listeners.size(); ++i)
        if (settings.listeners[i].name == listener.name && i < settings.positions.binds.size())
            return settings.positions.binds[i];
    return {};
}

}  // namespace

void supervisor::reload(reload_scope scope, reloader::finished done)
{
    reloader_.request(
        scope, [this, scope] { return reading(scope); }, std::move(done)
    );
}

// The watch saw that credentials changed. When they were all that kept a reload of everything back,
// that reload is what is still wanted.
void supervisor::reload_what_changed()
{
    bool const settings_are_good =
        std::none_of(reloads_.problems.begin(), reloads_.problems.end(), [&](auto const& problem) {
            return problem.file == config_file_;
        });
    auto const scope = reloads_.everything_wanted && settings_are_good ? reload_scope::everything
                                                                       : reload_scope::credentials;
    // One that waits for its turn reads what has changed by then.
    if (std::exchange(watched_reload_waits_, true))
        return;
    auto const when_its_turn_comes = [this, scope] {
        watched_reload_waits_ = false;
        return reading(scope);
    };
    reloader_.request(scope, when_its_turn_comes, [](auto const&) {});
}

void supervisor::on_clock_step(std::chrono::milliseconds by)
{
    log::write(log::level::warn, "clock stepped", {{"by_ms", by.count()}});
    for (auto& one : workers_)
        one->post_clock_step();
}

void supervisor::change_keyring(
    std::string const& set, keyring_change change, reloader::finished done
)
{
    auto const read =
        [this, set, change = std::move(change)]() -> std::function<loaded_snapshot()> {
        return [snapshot = snapshot_, set, change] {
            loaded_snapshot loaded;
            for (auto const& each : snapshot->settings.credentials) {
                auto const slot = std::find_if(
                    snapshot->credentials.begin(),
                    snapshot->credentials.end(),
                    [&](auto const& one) { return one.name == each.name; }
                );
                loaded.keyrings.push_back(
                    each.name == set ? change(slot->keyring, loaded.problems) : slot->keyring
                );
                loaded.files.push_back(slot->files);
            }
            if (loaded.problems.empty())
                loaded.settings = snapshot->settings;
            return loaded;
        };
    };
    reloader_.request_change(read, std::move(done));
}

void supervisor::set_log_level(config::log_level level)
{
    log_.level = level;
    log::start(log_);
}

// On the reading thread nothing of the supervisor is touched.
std::function<loaded_snapshot()> supervisor::reading(reload_scope scope) const
{
    return [scope,
            file = config_file_,
            snapshot = snapshot_,
            unfinished = watch_.unfinished(),
            owed = stores_.owed().all(),
            &protocols = protocols_] {
        auto loaded = scope == reload_scope::everything
                          ? load_snapshot(file, protocols, snapshot->credentials)
                          : load_credentials_again(
                                snapshot->settings, protocols, snapshot->credentials, unfinished
                            );
        put_in_force(loaded, owed);
        open_key_uses(protocols, file, loaded);
        return loaded;
    };
}

void supervisor::apply(loaded_snapshot&& loaded, reloader::finished done)
{
    auto const files = all_files(loaded);
    bool const of_files = loaded.of_files;
    watch_.watch_also(files);
    if (draining_) {
        done(reload_outcome::refused({{config_file_, 0, 0, "the daemon is draining"}}));
        return;
    }
    if (!loaded.settings) {
        done(reload_outcome::refused(std::move(loaded.problems)));
        return;
    }
    auto const warnings = std::move(loaded.warnings);
    auto const key_files = std::move(loaded.key_files);
    auto next = make_next_snapshot(snapshot_, std::move(loaded), config_file_);
    if (!next.snapshot) {
        done(reload_outcome::refused(std::move(next.refused)));
        return;
    }
    std::deque<worker::new_sockets> sockets(workers_.size());
    if (!bind_new(next, sockets)) {
        done(reload_outcome::refused(std::move(next.refused)));
        return;
    }
    log_warnings(warnings);
    log_key_files(key_files);
    if (of_files)
        watch_.watch(files);
    install(std::move(next), std::move(sockets), std::move(done));
}

// What nobody reads while the daemon runs, and the next start needs.
std::function<missing_files::findings()> supervisor::look_at_files() const
{
    return [snapshot = snapshot_] {
        missing_files::findings found;
        auto const look = [&](std::string const& file, std::string_view what) {
            if (!file.empty() && print_of(file) == file_print{})
                found[file] = std::string{what} + " is not there";
        };
        look(snapshot->settings.state_directory.string(), "the state directory");
        for (auto const& set : snapshot->settings.credentials)
            look(set.store, "the store of credentials \"" + set.name + '"');
        for (auto const& slot : snapshot->credentials)
            if (slot.uses)
                found.merge(slot.uses->look_after_files());
        return found;
    };
}

// All listeners that need sockets, or none. Says why in `next.refused`.
bool supervisor::bind_new(next_snapshot& next, std::deque<worker::new_sockets>& sockets)
{
    addresses_.resize(next.snapshot->listeners.size());
    std::vector<std::pair<std::size_t, std::shared_ptr<bound_sockets>>> made;
    auto const refuse = [&](config::listener const& listener,
                            boost::system::error_code const& why) {
        log_cannot_bind(listener.name, listener.bind, why);
        sockets_.close_unused();
        auto const where = position_of(next.snapshot->settings, listener);
        next.refused.push_back(
            {config_file_,
             where.line,
             where.column,
             "listeners[" + listener.name + "].bind: " + listener.bind.ip + " port " +
                 std::to_string(listener.bind.port) +
                 (listener.bind.name.empty() ? "" : " (" + listener.bind.name + ')') +
                 " cannot be bound: " + why.message()}
        );
    };
    for (auto const slot : next.unbound) {
        auto const& listener = *next.snapshot->listeners[slot].config;
        auto got = sockets_.acquire(listener);
        if (!got.sockets) {
            refuse(listener, got.why);
            return false;
        }
        made.emplace_back(slot, std::move(got.sockets));
    }
    for (auto const& [slot, group] : made)
        if (auto const why = listener_sockets::listen(*group)) {
            refuse(*next.snapshot->listeners[slot].config, why);
            return false;
        }
    for (auto const& [slot, group] : made) {
        auto const& listener = *next.snapshot->listeners[slot].config;
        report_listening(listener, *group, listener_sockets::fit(*group, listener));
        addresses_[slot] = group->text();
        for (std::size_t i = 0; i < sockets.size(); ++i)
            sockets[i].emplace_back(slot, socket_use{group, i});
    }
    return true;
}

// Those of listeners that stay, and want other buffers.
void supervisor::fit_sockets(shared_snapshot const& next)
{
    for (std::size_t slot = 0; slot < snapshot_->listeners.size(); ++slot) {
        auto const& before = snapshot_->listeners[slot].config;
        auto const& after = next.listeners[slot].config;
        if (!before || !after || before->udp == after->udp)
            continue;
        if (auto const sockets = sockets_.find(*after))
            listener_sockets::fit(*sockets, *after);
    }
}

// Every worker takes the new state over by itself; it is in force when all have.
void supervisor::install(
    next_snapshot next, std::deque<worker::new_sockets> sockets, reloader::finished done
)
{
    struct progress {
        next_snapshot next;
        reloader::finished done;
        std::size_t left = 0;
    };
    apply_limits(*next.snapshot);
    fit_sockets(*next.snapshot);
    std::shared_ptr<shared_snapshot const> const snapshot = next.snapshot;
    auto const shared =
        std::make_shared<progress>(progress{std::move(next), std::move(done), workers_.size()});
    auto const one_more = [this, shared] {
        boost::asio::post(context_, [this, shared] {
            if (--shared->left > 0)
                return;
            attempt("reload", [&] { settle(shared->next); });
            shared->done({snapshot_->generation, std::move(shared->next.changes), {}});
        });
    };
    auto const ended =
        shared->next.of_files ? std::make_shared<revocations const>(snapshot_) : nullptr;
    auto const reviewed = [this, ended, left = std::make_shared<std::size_t>(workers_.size())] {
        boost::asio::post(context_, [ended, left] {
            if (--*left == 0 && ended)
                ended->warn();
        });
    };
    for (std::size_t i = 0; i < workers_.size(); ++i)
        workers_[i]->post_install(snapshot, std::move(sockets[i]), {one_more, reviewed});
}

void supervisor::settle(next_snapshot const& next)
{
    auto const before = std::exchange(snapshot_, next.snapshot);
    exposition_.emplace(make_exposition(snapshot_));
    if (before->settings.log != next.snapshot->settings.log) {
        log_ = next.snapshot->settings.log;
        log::start(log_);
    }
    for (auto const& listener : next.snapshot->settings.listeners) {
        auto const& known = before->settings.listeners;
        if (std::find(known.begin(), known.end(), listener) == known.end())
            warn_about_unsafe_generations(listener);
    }
}

void supervisor::record(reload_scope scope, reload_outcome const& outcome)
{
    auto& wrong = reloads_.problems;
    if (scope == reload_scope::everything) {
        wrong.clear();
        reloads_.everything_wanted = !outcome.done();
    } else {
        std::erase_if(wrong, [&](auto const& problem) { return problem.file != config_file_; });
    }
    wrong.insert(wrong.end(), outcome.problems.begin(), outcome.problems.end());
    if (outcome.done())
        record_done(outcome);
    else
        record_failed(outcome);
}

void supervisor::record_done(reload_outcome const& outcome)
{
    ++reloads_.ok;
    reloads_.loaded = read_wall_clock();
    std::string changes;
    for (auto const& change : outcome.changes)
        changes += (changes.empty() ? "" : "; ") + change;
    log::write(
        log::level::info, "reloaded", {{"generation", outcome.generation}, {"changes", changes}}
    );
}

void supervisor::record_failed(reload_outcome const& outcome)
{
    ++reloads_.failed;
    reloads_.failed_at = read_wall_clock();
    for (auto const& problem : outcome.problems)
        log::write(
            log::level::error,
            "reload failed",
            {{"file", problem.file},
             log::field::if_any("line", static_cast<std::uint64_t>(problem.line)),
             log::field::if_any("column", static_cast<std::uint64_t>(problem.column)),
             {"detail", problem.text}}
        );
}

}  // namespace gatehouse
