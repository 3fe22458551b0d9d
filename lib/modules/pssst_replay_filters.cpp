#include "modules/pssst_replay_filters.h"

#include "base/hex.h"
#include "crypto/sha256.h"
#include "protocol/pssst/options.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include <sys/statvfs.h>
#include <unistd.h>

namespace gatehouse {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view file_prefix = "pssst-replay-";
constexpr std::size_t name_bytes = 16;  // of the hash of the key

std::uint64_t seconds_of(wall_time when)
{
    return static_cast<std::uint64_t>(when.time_since_epoch().count());
}

bool is_left_for_good(pssst::replay_filter& filter, wall_time now)
{
    auto const left = filter.left_at();
    if (left == 0)
        filter.set_left_at(seconds_of(now));
    std::chrono::seconds const most = pssst_replay_filters::kept_without_key;
    return left != 0 && left + static_cast<std::uint64_t>(most.count()) <= seconds_of(now);
}

std::string advice_for(std::string const& path)
{
    return "; what the key has answered is not known without it: give the gateway another key, or "
           "remove " +
           path + " if nobody can have recorded requests";
}

std::uint64_t once_requests_of(config::listener const& listener)
{
    auto const* const options = listener.options.find<pssst::options>();
    return options != nullptr ? options->once_requests : 0;
}

config::problem warning(std::string const& file, std::string text)
{
    return {file, 0, 0, std::move(text), "replay protection"};
}

}  // namespace

std::vector<gateway_key_uses::bounded_key> pssst_key_filters::bounded_keys() const
{
    std::vector<bounded_key> made;
    for (std::size_t i = 0; i < all_.size(); ++i)
        made.push_back({
            .id = ids_[i],
            .capacity = all_[i]->requests(),
            .used = [filter = all_[i]] { return filter->claimed(); },
        });
    return made;
}

gateway_key_uses::missing pssst_key_filters::look_after_files() const
{
    missing found;
    for (auto const& [path, look_after] : looks_)
        if (auto why = look_after(); !why.empty())
            found[path] = std::move(why);
    return found;
}

pssst_replay_filters::boot pssst_replay_filters::boot::read()
{
    boot made;
    std::ifstream file{"/proc/sys/kernel/random/boot_id"};
    std::string text;
    file >> text;
    std::erase(text, '-');
    if (auto const read = from_hex(text); read && read->size() == made.id.size())
        std::copy(read->begin(), read->end(), made.id.begin());
    return made;
}

std::string pssst_replay_filters::path_of(
    std::string const& directory, identity::public_key const& key
)
{
    auto const digest = crypto::sha256{}.compute({key});
    auto const name = std::string{file_prefix} + to_hex(bytes{digest}.first(name_bytes));
    return fs::path{directory} / name;
}

// Put away in order: the machine may be switched off, and nothing is lost.
pssst_replay_filters::kept::~kept()
{
    if (path.empty() || !memory->sync())
        return;
    filter.set_in_use_since({});
    memory->sync();
}

// Its file was removed, replaced or cut: what it knew is here.
std::string pssst_replay_filters::kept::look_after()
{
    std::string why;
    if (memory->is_at(path) || filter.put_back(path, why))
        return {};
    return "it is not where it was, and cannot be made again: " + why;
}

// Of the listeners that have the same key, the one that wants most has its way.
pssst_replay_filters::wishes pssst_replay_filters::read_wishes(reading const& from)
{
    wishes made;
    for (std::size_t i = 0; i < from.keyrings.size(); ++i) {
        auto const& ring = *from.keyrings[i];
        if (ring.kind() != identity::key_kind::x25519)
            continue;
        auto const& set = from.settings.credentials[i].name;
        std::uint64_t requests = 0;
        for (auto const& listener : from.settings.listeners)
            if (listener.credentials == set)
                requests = std::max(requests, once_requests_of(listener));
        for (auto const& key : ring.gateway_keys()) {
            auto& wish = made[key.public_key];
            wish.requests = std::max(wish.requests, requests);
            if (wish.name.empty())
                wish.name =
                    "gateway key \"" + ring.key_ids()[key.id] + "\" of credentials \"" + set + '"';
        }
    }
    return made;
}

// What the machine had not written when it stopped is told of, and does not keep the daemon down.
std::string pssst_replay_filters::why_unfit(bytes memory, identity::public_key const& key) const
{
    std::string why{pssst::replay_filter::why_unfit(memory, key)};
    if (why.empty() && !machine_stopped(pssst::replay_filter::in_use_since(memory)) &&
        pssst::replay_filter::has_forgotten(memory))
        why = "a part of it has been cut off or overwritten with zeros";
    return why;
}

bool pssst_replay_filters::machine_stopped(pssst::replay_filter::boot_id const& in_use) const
{
    return in_use != pssst::replay_filter::boot_id{} && in_use != boot_.id;
}

std::shared_ptr<pssst_replay_filters::kept> pssst_replay_filters::make(
    std::string const& directory,
    identity::public_key const& key,
    wanted const& wish,
    std::string& why
)
{
    auto const size = pssst::replay_filter::size_for(wish.requests);
    auto const prepare = [&](mutable_bytes memory) {
        pssst::replay_filter::make(memory, key, wish.requests, random_);
    };
    if (directory.empty()) {
        auto memory = file_memory::of_process(size, why);
        if (!memory)
            return nullptr;
        prepare(memory->memory());
        return std::make_shared<kept>(std::move(memory));
    }
    auto const path = path_of(directory, key);
    auto memory = file_memory::open(path, why);
    if (!memory && why.empty())
        memory = file_memory::create({path, size, prepare}, why);
    else if (memory)
        why = why_unfit(memory->memory(), key);
    if (!why.empty()) {
        why = "cannot use " + path + ": " + why;
        if (memory || why.ends_with(file_memory::cut_to_nothing))
            why += advice_for(path);
        return nullptr;
    }
    auto made = std::make_shared<kept>(std::move(memory));
    made->path = path;
    return made;
}

// A file that may have been there before.
void pssst_replay_filters::take_up(kept& one, wanted const& wish, findings into) const
{
    if (machine_stopped(pssst::replay_filter::in_use_since(one.memory->memory())))
        into.warnings.push_back(warning(
            one.path,
            wish.name + ": the machine stopped while this file was in use; requests that were "
                        "accepted in the last half minute before may be accepted again"
        ));
    one.filter.set_in_use_since(boot_.id);
}

void pssst_replay_filters::tell_of_size(kept& one, wanted const& wish, findings into)
{
    if (std::exchange(one.wished, wish.requests) != wish.requests &&
        one.filter.requests() != wish.requests)
        into.warnings.push_back(warning(
            one.path,
            wish.name + " has room for " + std::to_string(one.filter.requests()) +
                " requests and keeps it as long as it lives; once.requests is " +
                std::to_string(wish.requests)
        ));
}

// Unless it is open already. Why it cannot be, if so.
std::string pssst_replay_filters::open_one(
    std::string const& directory, identity::public_key const& key, wanted const& wish, findings into
)
{
    auto known = open_.find(key);
    if (known == open_.end()) {
        std::string why;
        auto made = make(directory, key, wish, why);
        if (!made)
            return why;
        known = open_.emplace(key, std::move(made)).first;
        take_up(*known->second, wish, into);
    }
    tell_of_size(*known->second, wish, into);
    known->second->filter.set_left_at(0);
    return {};
}

pssst_replay_filters::by_set pssst_replay_filters::open(
    reading const& from, wall_time now, findings into
)
{
    auto const& directory = from.settings.state_directory.native();
    auto const wanted_keys = read_wishes(from);
    for (auto const& [key, wish] : wanted_keys) {
        if (auto const why = open_one(directory, key, wish, into); !why.empty()) {
            into.problems.push_back({from.file, 0, 0, wish.name + ": " + why});
            return {};
        }
    }
    if (!directory.empty())
        tidy_up(directory, wanted_keys, now);
    if (directory.empty() && !wanted_keys.empty() && !std::exchange(told_of_no_directory_, true))
        warn_of_no_directory(from, into);
    by_set made(from.keyrings.size());
    for (std::size_t i = 0; i < made.size(); ++i)
        if (from.keyrings[i]->kind() == identity::key_kind::x25519)
            made[i] = filters_of(*from.keyrings[i]);
    return made;
}

std::shared_ptr<pssst_key_filters const> pssst_replay_filters::filters_of(
    identity::keyring const& ring
) const
{
    auto made = std::make_shared<pssst_key_filters>();
    for (auto const& key : ring.gateway_keys()) {
        auto const& one = open_.at(key.public_key);
        made->add(key.id, {one, &one->filter});
        if (!one->path.empty())
            made->add_look(one->path, [one = one] { return one->look_after(); });
    }
    return made;
}

void pssst_replay_filters::warn_of_no_directory(reading const& from, findings into)
{
    into.warnings.push_back(warning(
        from.file,
        "there is no state_directory: a recorded PSSST request can be repeated after a restart, "
        "and "
        "a second reply to it breaks its encryption"
    ));
}

// Files of keys that have gone: those of this process, and those of earlier ones.
void pssst_replay_filters::tidy_up(std::string const& directory, wishes const& all, wall_time now)
{
    for (auto each = open_.begin(); each != open_.end();) {
        auto const& [key, one] = *each;
        bool const goes = !all.contains(key) && one.use_count() == 1 && !one->path.empty() &&
                          is_left_for_good(one->filter, now);
        if (goes)
            ::unlink(one->path.c_str());
        each = goes ? open_.erase(each) : std::next(each);
    }
    std::error_code ignored;
    for (auto const& entry : fs::directory_iterator{directory, ignored}) {
        auto const name = entry.path().filename().native();
        if (!name.starts_with(file_prefix) || name.size() != file_prefix.size() + 2 * name_bytes)
            continue;
        std::string why;
        auto memory = file_memory::open(entry.path(), why);  // in use: of a key that is there
        if (!memory || !pssst::replay_filter::why_unfit(memory->memory()).empty())
            continue;
        pssst::replay_filter filter{*memory};
        if (is_left_for_good(filter, now))
            ::unlink(entry.path().c_str());
    }
}

void pssst_replay_filters::check(reading const& from, findings into)
{
    auto const& directory = from.settings.state_directory.native();
    auto const wanted_keys = read_wishes(from);
    if (directory.empty() && !wanted_keys.empty())
        warn_of_no_directory(from, into);
    for (auto const& [key, wish] : wanted_keys) {
        if (directory.empty())
            return;
        auto const why = why_cannot(directory, key, wish);
        if (!why.empty())
            into.problems.push_back({from.file, 0, 0, wish.name + ": " + why});
    }
}

std::string pssst_replay_filters::why_cannot(
    std::string const& directory, identity::public_key const& key, wanted const& wish
) const
{
    auto const path = path_of(directory, key);
    std::string why;
    auto const memory = file_memory::open(path, why);
    if (memory) {
        why = why_unfit(memory->memory(), key);
        return why.empty() ? why : "cannot use " + path + ": " + why + advice_for(path);
    }
    if (why == file_memory::cut_to_nothing)
        return "cannot use " + path + ": " + why + advice_for(path);
    if (!why.empty())
        return why == file_memory::in_use ? std::string{} : "cannot use " + path + ": " + why;
    struct statvfs disk {};
    std::error_code ignored;
    if (!fs::exists(directory, ignored))  // a start would make it
        return {};
    if (::access(directory.c_str(), W_OK | X_OK) != 0 || ::statvfs(directory.c_str(), &disk) != 0)
        return "cannot make " + path + ": " + std::generic_category().message(errno);
    if (disk.f_bavail * disk.f_frsize < pssst::replay_filter::size_for(wish.requests))
        return "cannot make " + path + ": no room for it";
    return {};
}

}  // namespace gatehouse
