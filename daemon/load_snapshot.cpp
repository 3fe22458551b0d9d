#include "load_snapshot.h"

#include "config/complaints.h"
#include "config/credential_checks.h"
#include "config/credential_kind.h"
#include "config/credentials.h"
#include "config/device_name_clashes.h"
#include "config/load.h"
#include "crypto/random.h"
#include "file_state.h"
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
credential_slot const* slot_before(
    std::vector<credential_slot> const& before, std::string const& name
)
{
    for (auto const& slot : before)
        if (slot.name == name)
            return &slot;
    return nullptr;
}

struct reading_rules {
    protocol_registry const& protocols;
    missing_stores missing = missing_stores::are_problems;
    // Of files that are being written: null where whoever asks wants them as they are.
    std::set<std::string> const* unfinished = nullptr;
};

// The keyring of one set, and the files that it stands in.
struct loaded_set {
    std::shared_ptr<identity::keyring const> keyring;
    std::vector<std::string> files;
    std::vector<config::key_file_note> key_files;  // those of them that hold a key
    config::problems problems;
    config::problems warnings;
};

loaded_set load_store_set(
    config::credential_set const& set, missing_stores missing, credential_slot const* was
)
{
    loaded_set made;
    bool const is_new = was == nullptr;
    if (is_new && missing == missing_stores::are_fine_when_they_can_be_made &&
        is_store_to_be_made(set, {.key_files = &made.key_files}, made.problems)) {
        made.keyring =
            std::make_shared<identity::keyring const>(identity::keyring::parts{}, make_decoy());
        return made;
    }
    auto const mode = is_new && missing == missing_stores::are_made_when_new
                          ? store::open_mode::create
                          : store::open_mode::existing;
    auto key_ids = was != nullptr ? was->keyring->key_ids() : std::vector<std::string>{};
    if (made.problems.empty())
        made.keyring = load_store(
            set, {.mode = mode, .key_files = &made.key_files}, std::move(key_ids), made.problems
        );
    return made;
}

loaded_set load_file_set(
    config::credential_set const& set,
    config::credential_kind const* kind,
    protocol_registry const& protocols,
    credential_slot const* was
)
{
    loaded_set made;
    config::keyring_seed seed{.protocols = protocols.types(), .decoy = make_decoy(), .kind = kind};
    if (was != nullptr)
        seed.key_ids = was->keyring->key_ids();
    auto read = config::load_credentials(set.file, std::move(seed), made.problems);
    made.keyring = std::move(read.keyring);
    made.files = std::move(read.files);
    made.files.insert(made.files.begin(), set.file);
    made.warnings = std::move(read.warnings);
    made.key_files = std::move(read.key_files);
    return made;
}

// Somebody writes one of the files now, or did since `before`.
bool is_being_written(loaded_set const& read, std::string const& file, file_print const& before)
{
    return print_of(file) != before ||
           std::any_of(read.files.begin(), read.files.end(), [](auto const& each) {
               return writer_of(each) == file_writer::some;
           });
}

// Nothing when the set is to stay as it is.
std::optional<loaded_set> load_set(
    config::settings const& settings,
    config::credential_set const& set,
    credential_slot const* was,
    reading_rules const& rules
)
{
    if (!set.store.empty())
        return load_store_set(set, rules.missing, was);
    bool const may_wait = was != nullptr && rules.unfinished != nullptr;
    if (may_wait && std::any_of(was->files.begin(), was->files.end(), [&](auto const& file) {
            return rules.unfinished->contains(file);
        }))
        return std::nullopt;
    auto const before = print_of(set.file);
    auto read = load_file_set(set, config::kind_of_set(settings, set.name), rules.protocols, was);
    if (may_wait && is_being_written(read, set.file, before))
        return std::nullopt;
    return read;
}

// Devices may share a file.
void name_each_once(std::vector<config::key_file_note>& notes)
{
    std::ranges::sort(notes, {}, &config::key_file_note::path);
    auto const is_same = [](auto const& one, auto const& other) { return one.path == other.path; };
    notes.erase(std::unique(notes.begin(), notes.end(), is_same), notes.end());
}

// Such a key works, if the device has the same; and it may be a text whose prefix was forgotten.
void warn_about_printable_keys(loaded_snapshot& into)
{
    static constexpr auto* event = "key file without prefix";
    std::size_t seen = 0;
    for (auto const& note : into.key_files)
        if (note.form == key_file_form::raw_printable &&
            seen++ < config::complaints::most_of_a_kind)
            into.warnings.push_back({
                .file = note.path,
                .line = 1,
                .column = 1,
                .text =
                    "a key file without a prefix was taken for " + describe(note.form, note.size) +
                    "; write text:, hex: or base64: in front, so that it is plain what is meant",
                .event = event,
            });
    if (seen > config::complaints::most_of_a_kind)
        into.warnings.push_back(
            {.file = into.warnings.back().file,
             .text = config::and_more(seen - config::complaints::most_of_a_kind),
             .event = event}
        );
}

void load_credential_sets(
    config::settings const& settings,
    std::vector<credential_slot> const& before,
    reading_rules const& rules,
    loaded_snapshot& into
)
{
    into.of_files = true;
    for (auto const& set : settings.credentials) {
        auto const* const was = slot_before(before, set.name);
        auto read = load_set(settings, set, was, rules);
        if (!read) {
            into.keyrings.push_back(was->keyring);
            into.files.push_back(was->files);
            continue;
        }
        auto& made = read->keyring;
        into.keyrings.push_back(
            was != nullptr && made ? identity::reuse(was->keyring, std::move(made)) : made
        );
        into.files.push_back(std::move(read->files));
        std::move(read->problems.begin(), read->problems.end(), std::back_inserter(into.problems));
        std::move(read->warnings.begin(), read->warnings.end(), std::back_inserter(into.warnings));
        std::move(
            read->key_files.begin(), read->key_files.end(), std::back_inserter(into.key_files)
        );
    }
    name_each_once(into.key_files);
    warn_about_printable_keys(into);
    config::check_credentials_in_use(settings, into.keyrings, into.problems);
    config::warn_about_device_names(settings, into.keyrings, into.warnings);
}

}  // namespace

loaded_snapshot load_snapshot(
    std::string const& config_file,
    protocol_registry const& protocols,
    std::vector<credential_slot> const& before,
    missing_stores missing
)
{
    loaded_snapshot loaded;
    interface_names const interfaces;
    auto settings = config::load(
        config_file, {interfaces, protocols.types()}, loaded.problems, loaded.warnings
    );
    if (!settings)
        return loaded;
    if (settings->workers == 0)
        settings->workers = std::min(usable_cores(), most_workers);
    if (settings->node.name.empty())
        settings->node.name = host_name();
    if (settings->state_directory.empty())
        settings->state_directory = given_state_directory();
    load_credential_sets(*settings, before, {.protocols = protocols, .missing = missing}, loaded);
    if (loaded.problems.empty())
        loaded.settings = std::move(settings);
    return loaded;
}

loaded_snapshot load_credentials_again(
    config::settings const& settings,
    protocol_registry const& protocols,
    std::vector<credential_slot> const& before,
    std::set<std::string> const& unfinished
)
{
    loaded_snapshot loaded;
    load_credential_sets(
        settings, before, {.protocols = protocols, .unfinished = &unfinished}, loaded
    );
    if (loaded.problems.empty())
        loaded.settings = settings;
    return loaded;
}

void open_key_uses(
    protocol_registry const& protocols, std::string const& config_file, loaded_snapshot& of
)
{
    if (!of.settings)
        return;
    of.key_uses.resize(of.keyrings.size());
    for (auto const& module : protocols.modules()) {
        auto opened = module->open_key_uses(
            {config_file, *of.settings, of.keyrings}, read_wall_clock(), {of.problems, of.warnings}
        );
        for (std::size_t i = 0; i < opened.size(); ++i)
            if (opened[i])
                of.key_uses[i] = std::move(opened[i]);
    }
    if (!of.problems.empty())
        of.settings.reset();
}

void check_key_uses(
    protocol_registry const& protocols, std::string const& config_file, loaded_snapshot& of
)
{
    if (!of.settings)
        return;
    for (auto const& module : protocols.modules())
        module->check_key_uses(
            {config_file, *of.settings, of.keyrings}, {of.problems, of.warnings}
        );
    if (!of.problems.empty())
        of.settings.reset();
}

void put_in_force(loaded_snapshot& loaded, std::vector<owed_change> const& owed)
{
    if (!loaded.settings)
        return;
    auto const& sets = loaded.settings->credentials;
    for (std::size_t i = 0; i < sets.size(); ++i)
        if (!sets[i].store.empty())
            loaded.keyrings[i] = with_owed(std::move(loaded.keyrings[i]), sets[i], owed);
}

}  // namespace gatehouse
