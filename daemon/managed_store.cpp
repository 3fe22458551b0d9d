#include "managed_store.h"

#include "identity/key_names.h"
#include "store/file_access.h"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include <fcntl.h>
#include <unistd.h>

namespace gatehouse {

namespace {

std::optional<crypto::aead_key> read_seal_key(
    config::credential_set const& set, store_access how, config::problems& found
)
{
    config::secret_files_on_disk files{{}};  // the path is whole already
    auto const read = config::parse_secret(set.store_key, files, length_of_32);
    auto const cannot = [&](std::string const& why) {
        found.push_back({set.store, 0, 0, "the key of the store: " + why});
    };
    if (auto const* why = std::get_if<std::string>(&read)) {
        cannot(*why);
        return std::nullopt;
    }
    if (how.key_files != nullptr)
        for (auto& note : files.take_notes())
            how.key_files->push_back(std::move(note));
    static_assert(length_of_32.exact == crypto::aead_key_size);
    auto const raw = std::get<secret_bytes>(read).expose();
    return crypto::aead_key::from(raw.first<crypto::aead_key_size>());
}

identity::psk_device device_of(store::stored_device&& stored, identity::key_names& names)
{
    identity::psk_device made;
    made.name = std::move(stored.name);
    made.legacy_session_id = stored.legacy_session_id;
    made.state = stored.access == store::device_access::enabled ? identity::device_state::enabled
                                                                : identity::device_state::disabled;
    for (auto& key : stored.keys)
        made.keys.push_back({
            names.intern(key.id),
            key.window,
            std::move(key.secret),
            key.revoked_at.has_value(),
        });
    return made;
}

}  // namespace

std::optional<store::device_store> open_store(
    config::credential_set const& set,
    store_access how,
    crypto::random_source& random,
    config::problems& found
)
{
    auto key = read_seal_key(set, how, found);
    if (!key)
        return std::nullopt;
    auto opened = store::device_store::open(
        {.file = set.store, .mode = how.mode, .busy_wait = how.busy_wait}, std::move(*key), random
    );
    if (opened)
        return std::move(*opened);
    found.push_back({set.store, 0, 0, opened.error().text});
    return std::nullopt;
}

bool is_store_to_be_made(
    config::credential_set const& set, store_access how, config::problems& found
)
{
    auto const seen = store::check_file(set.store);
    if (!seen) {
        found.push_back({set.store, 0, 0, seen.error().text});
        return false;
    }
    if (seen->state == store::presence::there || !read_seal_key(set, how, found))
        return false;
    auto const directory = store::directory_of(seen->path);
    if (::faccessat(AT_FDCWD, directory.c_str(), W_OK | X_OK, AT_EACCESS) == 0)
        return true;
    found.push_back(
        {set.store,
         0,
         0,
         "the store is not there yet and cannot be made: the daemon's user may not write to " +
             directory}
    );
    return false;
}

std::shared_ptr<identity::keyring const> load_store(
    config::credential_set const& set,
    store_access how,
    std::vector<std::string> key_ids,
    config::problems& found
)
{
    crypto::system_random random;
    auto opened = open_store(set, how, random, found);
    if (!opened)
        return nullptr;
    identity::key_names names{std::move(key_ids)};
    identity::keyring::parts parts;
    auto const read = opened->for_each_device([&](store::stored_device&& stored) {
        auto const id = stored.id;
        parts.devices.add(id, device_of(std::move(stored), names));
    });
    if (!read) {
        found.push_back({set.store, 0, 0, read.error().text});
        return nullptr;
    }
    parts.key_ids = names.take();
    std::array<std::uint8_t, 32> decoy{};
    random.fill(decoy);
    return std::make_shared<identity::keyring const>(std::move(parts), secret_bytes{decoy});
}

identity::keyring_changes changes_of(
    identity::keyring const& before,
    identity::device_id const& device,
    std::optional<store::stored_device> stored
)
{
    identity::key_names names{before.key_ids()};
    identity::keyring_changes made;
    if (stored)
        made.devices.emplace_back(device, device_of(std::move(*stored), names));
    else
        made.devices.emplace_back(device, std::nullopt);
    made.key_ids = names.take();
    return made;
}

}  // namespace gatehouse
