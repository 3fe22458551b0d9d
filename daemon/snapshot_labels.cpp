#include "snapshot_labels.h"

#include "crypto/library.h"
#include "net/clock.h"
#include "net/log.h"
#include "net/protocol_module.h"
#include "version.h"

#include <utility>
#include <vector>

namespace gatehouse {

namespace {

identity::key_state state_of(metrics::key_state shown) noexcept
{
    switch (shown) {
    case metrics::key_state::active:
        return identity::key_state::active;
    case metrics::key_state::expiring:
        return identity::key_state::expiring;
    case metrics::key_state::expired:
        return identity::key_state::expired;
    case metrics::key_state::pending:
        return identity::key_state::pending;
    case metrics::key_state::revoked:
        return identity::key_state::revoked;
    }
    return identity::key_state::revoked;
}

std::vector<metrics::credential_labels::accepting_key> accepting_keys_of(credential_slot const& slot
)
{
    std::vector<metrics::credential_labels::accepting_key> made;
    if (!slot.uses)
        return made;
    for (auto& key : slot.uses->bounded_keys())
        made.push_back({
            .id = slot.keyring->key_ids()[key.id],
            .capacity = key.capacity,
            .accepted = std::move(key.used),
        });
    return made;
}

metrics::credential_labels labels_of(credential_slot const& slot)
{
    if (slot.name.empty())
        return {};
    auto const keyring = slot.keyring;
    return {
        .name = slot.name,
        .key_ids = keyring->key_ids(),
        .count = [keyring](metrics::key_state state
                 ) { return keyring->count(state_of(state), read_wall_clock()); },
        .accepting = accepting_keys_of(slot),
    };
}

std::vector<std::string> names_of(std::vector<unsafe_generation> const& generations)
{
    std::vector<std::string> names;
    names.reserve(generations.size());
    for (auto const& one : generations)
        names.push_back(one.name);
    return names;
}

}  // namespace

metrics::exposition make_exposition(std::shared_ptr<shared_snapshot const> const& snapshot)
{
    metrics::labels names;
    names.version = version;
    names.openssl = crypto::library_version();
    for (auto const& slot : snapshot->listeners) {
        auto& made = names.listeners.emplace_back();
        if (!slot.config)
            continue;
        made = {
            slot.config->name,
            std::string{slot.config->protocol->name()},
            names_of(module_of(*slot.config).unsafe_generations(*slot.config)),
            slot.config->transport == config::transport::udp,
            slot.config->protocol->facts().serves_requests,
            slot.config->protocol->is_unsafe(),
        };
    }
    for (auto const& backend : snapshot->backends)
        names.backends.push_back(backend ? backend->name : std::string{});
    for (auto const& slot : snapshot->credentials)
        names.credentials.push_back(labels_of(slot));
    std::vector<metrics::worker_cells const*> cells;
    for (auto const& one : snapshot->cells)
        cells.push_back(&one);
    return {std::move(names), std::move(cells)};
}

void warn_about_unsafe_generations(config::listener const& listener)
{
    for (auto const& generation : module_of(listener).unsafe_generations(listener))
        log::write(
            log::level::warn,
            "unsafe generation admitted",
            {{"listener", listener.name},
             {"generation", generation.name},
             {"detail", generation.danger}}
        );
}

void log_warnings(config::problems const& list)
{
    for (auto const& warning : list)
        log::write(
            log::level::warn,
            warning.event,
            {{"device", warning.device},
             {"file", warning.file},
             log::field::if_any("line", static_cast<std::uint64_t>(warning.line)),
             {"detail", warning.text}}
        );
}

void log_key_files(std::vector<config::key_file_note> const& read)
{
    if (read.empty())
        return;
    auto const number = [&](key_file_form form) -> std::uint64_t {
        return static_cast<std::uint64_t>(std::count_if(
            read.begin(), read.end(), [&](auto const& note) { return note.form == form; }
        ));
    };
    log::write(
        log::level::info,
        "key files read",
        {log::field::if_any("raw", number(key_file_form::raw)),
         log::field::if_any("raw_printable", number(key_file_form::raw_printable)),
         log::field::if_any("hex", number(key_file_form::hex)),
         log::field::if_any("base64", number(key_file_form::base64)),
         log::field::if_any("text", number(key_file_form::text))}
    );
}

}  // namespace gatehouse
