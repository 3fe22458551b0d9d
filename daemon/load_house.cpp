#include "load_house.h"

#include "config/credential_kind.h"
#include "config/credentials.h"
#include "config/device_name_clashes.h"
#include "config/load.h"
#include "config/trial_keys.h"
#include "crypto/random.h"
#include "identity/keyring_reuse.h"
#include "managed_store.h"
#include "net/clock.h"
#include "net/interface_names.h"
#include "state_directory.h"

#include <algorithm>
#include <array>
#include <iterator>

#include <sched.h>
#include <unistd.h>

namespace gatehouse {

namespace {

constexpr std::uint32_t most_workers = 255;  // a worker's number is one byte of a session id

// The cores that this process may use, which a container or a cpuset may have cut down.
std::uint32_t usable_cores()
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (::sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    return static_cast<std::uint32_t>(std::max(CPU_COUNT(&set), 1));
}

std::string host_name()
{
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0)
        return "gatehouse";
    return name.data();
}

// The key that unknown devices are tried with: nobody knows it, not even we tomorrow.
secret_bytes make_decoy()
{
    std::array<std::uint8_t, 32> drawn{};
    crypto::system_random{}.fill(drawn);
    return secret_bytes{drawn};
}

// Null when it is new.
std::shared_ptr<identity::keyring const> keyring_before(
    std::vector<credential_place> const& before, std::string const& name
)
{
    for (auto const& place : before)
        if (place.name == name)
            return place.keyring;
    return nullptr;
}

std::shared_ptr<identity::keyring const> load_set(
    config::credential_set const& set,
    config::keyring_seed seed,
    store::open_mode mode,
    loaded_house& into
)
{
    if (!set.store.empty())
        return load_store(
            set,
            {.mode = mode, .key_files = &into.key_files},
            std::move(seed.key_ids),
            into.problems
        );
    auto read = config::load_credentials(set.file, std::move(seed), into.problems);
    into.files.push_back(set.file);
    std::move(read.files.begin(), read.files.end(), std::back_inserter(into.files));
    std::move(read.warnings.begin(), read.warnings.end(), std::back_inserter(into.warnings));
    std::move(read.key_files.begin(), read.key_files.end(), std::back_inserter(into.key_files));
    return std::move(read.keyring);
}

// Devices may share a file.
void name_each_once(std::vector<config::key_file_note>& notes)
{
    auto const path = [](config::key_file_note const& note) -> auto const&
    {
        return note.path;
    };
    std::ranges::sort(notes, {}, path);
    auto const [first, last] = std::ranges::unique(notes, {}, path);
    notes.erase(first, last);
}

// Such a key works, if the device has the same; and it may be a text whose prefix was forgotten.
void warn_about_printable_keys(loaded_house& into)
{
    for (auto const& note : into.key_files)
        if (note.form == key_file_form::raw_printable)
            into.warnings.push_back({
                .file = note.path,
                .line = 1,
                .column = 1,
                .text =
                    "a key file without a prefix was taken for " + describe(note.form, note.size) +
                    "; write text:, hex: or base64: in front, so that it is plain what is meant",
                .event = "key file without prefix",
            });
}

void load_credential_sets(
    config::settings const& settings,
    std::vector<credential_place> const& before,
    missing_stores missing,
    loaded_house& into
)
{
    into.of_files = true;
    for (auto const& set : settings.credentials) {
        auto const was = keyring_before(before, set.name);
        auto const mode = missing == missing_stores::are_made_when_new && !was
                              ? store::open_mode::create
                              : store::open_mode::existing;
        auto key_ids = was ? was->key_ids() : std::vector<std::string>{};
        auto made = load_set(
            set,
            {make_decoy(), std::move(key_ids), config::kind_of_set(settings, set.name)},
            mode,
            into
        );
        into.keyrings.push_back(was && made ? identity::reuse(was, std::move(made)) : made);
    }
    name_each_once(into.key_files);
    warn_about_printable_keys(into);
    config::check_trial_keys(settings, into.keyrings, into.problems);
    config::warn_about_device_names(settings, into.keyrings, into.warnings);
}

}  // namespace

loaded_house load_house(
    std::string const& config_file,
    std::vector<credential_place> const& before,
    missing_stores missing
)
{
    loaded_house loaded;
    auto settings = config::load(config_file, interface_names{}, loaded.problems, loaded.warnings);
    if (!settings)
        return loaded;
    if (settings->workers == 0)
        settings->workers = std::min(usable_cores(), most_workers);
    if (settings->node.name.empty())
        settings->node.name = host_name();
    if (settings->state_directory.empty())
        settings->state_directory = given_state_directory();
    load_credential_sets(*settings, before, missing, loaded);
    if (loaded.problems.empty())
        loaded.settings = std::move(settings);
    return loaded;
}

loaded_house load_credentials_again(
    config::settings const& settings, std::vector<credential_place> const& before
)
{
    loaded_house loaded;
    load_credential_sets(settings, before, missing_stores::are_problems, loaded);
    if (loaded.problems.empty())
        loaded.settings = settings;
    return loaded;
}

void open_filters(replay_filters& all, std::string const& config_file, loaded_house& of)
{
    if (!of.settings)
        return;
    of.filters = all.open(
        {config_file, *of.settings, of.keyrings}, read_wall_clock(), {of.problems, of.warnings}
    );
    if (!of.problems.empty())
        of.settings.reset();
}

void check_filters(replay_filters& all, std::string const& config_file, loaded_house& of)
{
    if (!of.settings)
        return;
    all.check({config_file, *of.settings, of.keyrings}, {of.problems, of.warnings});
    if (!of.problems.empty())
        of.settings.reset();
}

}  // namespace gatehouse
