#include "next_snapshot.h"

#include "config/protocol_type.h"
#include "crypto/random.h"
#include "gateway/device_directory.h"

#include <algorithm>
#include <utility>

namespace gatehouse {

namespace {

constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

admission_limits limits_of(config::listener const& listener)
{
    return {
        .sessions = listener.limits.sessions,
        .sessions_per_address = listener.limits.sessions_per_address,
        .handshakes_per_second = listener.limits.handshakes_per_second,
        .handshakes = listener.limits.handshakes,
        .handshakes_per_address = listener.limits.handshakes_per_address,
    };
}

rate_limits rates_of(config::listener const& listener)
{
    return {listener.limits.messages_per_second, listener.limits.bytes_per_second};
}

std::string quoted(std::string_view kind, std::string const& name)
{
    return std::string{kind} + " \"" + name + '"';
}

bool have_same_address(config::listener const& now, config::listener const& next)
{
    bool const is_known = next.bind.port != 0 || now.name == next.name;
    return is_known && now.transport == next.transport && now.bind == next.bind;
}

// Can the sessions of the one be the other's?
bool carries_on(config::listener const& now, config::listener const& next)
{
    bool const is_udp = next.transport == config::transport::udp;
    return now.protocol == next.protocol && now.credentials == next.credentials &&
           now.backend == next.backend && next.protocol->carries_on(now, next) &&
           !(is_udp && now.limits.handshakes != next.limits.handshakes);
}

bool has_listener(config::settings const& settings, std::string const& name)
{
    return std::any_of(settings.listeners.begin(), settings.listeners.end(), [&](auto const& one) {
        return one.name == name;
    });
}

std::shared_ptr<admission> make_admission(config::listener const& listener)
{
    crypto::system_random random;
    return std::make_shared<admission>(limits_of(listener), crypto::draw_number(random));
}

class step {
public:
    step(std::shared_ptr<shared_snapshot const> const& now, std::string const& file)
        : now_{now}
        , file_{file}
    {
    }

    next_snapshot take(loaded_snapshot&& loaded);

private:
    void refuse(std::string text) { made_.refused.push_back({file_, 0, 0, std::move(text)}); }
    void refuse_if(bool changed, std::string_view setting);
    void check_process(config::settings const& next);
    void assign_credentials(
        config::settings const& next,
        std::vector<std::shared_ptr<identity::keyring const>>&& keyrings,
        std::vector<std::vector<std::string>>&& files
    );
    void assign_key_uses(config::settings const& next, protocol_module::key_uses&& uses);
    void assign_backends(config::settings const& next);
    void assign_backend(config::backend const& next);
    void assign_listeners(config::settings const& next);
    std::vector<std::size_t> slots_that_stay(config::settings const& next) const;
    void keep_listener(std::size_t slot, config::listener const& next);
    void add_listener(config::listener const& next);
    void make_cells();

    std::size_t credentials_slot(std::string const& name);
    std::size_t slot_without_keys();
    std::size_t backend_slot(std::string const& name) const;

    std::shared_ptr<shared_snapshot const> now_;
    std::string const& file_;
    next_snapshot made_;
    shared_snapshot next_;
};

void step::refuse_if(bool changed, std::string_view setting)
{
    if (changed)
        refuse('"' + std::string{setting} + "\" cannot change while the daemon runs; restart it");
}

void step::check_process(config::settings const& next)
{
    auto const& now = now_->settings;
    refuse_if(now.workers != next.workers, "workers");
    refuse_if(now.node != next.node, "node");
    refuse_if(now.state_directory != next.state_directory, "state_directory");
    refuse_if(
        now.metrics_enabled != next.metrics_enabled || now.metrics != next.metrics, "metrics"
    );
    refuse_if(
        now.admin_enabled != next.admin_enabled || now.admin != next.admin ||
            now.audit_file != next.audit_file ||
            now.admin_read_only_enabled != next.admin_read_only_enabled ||
            now.admin_read_only != next.admin_read_only,
        "admin"
    );
    if (now.log != next.log)
        made_.changes.emplace_back("log changed");
    if (now.shutdown_timeout != next.shutdown_timeout)
        made_.changes.emplace_back("shutdown_timeout changed");
}

void step::assign_credentials(
    config::settings const& next,
    std::vector<std::shared_ptr<identity::keyring const>>&& keyrings,
    std::vector<std::vector<std::string>>&& files
)
{
    files.resize(next.credentials.size());
    static constexpr std::size_t most_sets = 255;  // gateway/device_directory.h
    auto& slots = next_.credentials;
    for (auto& slot : slots)
        if (std::none_of(
                next.credentials.begin(),
                next.credentials.end(),
                [&](auto const& set) { return set.name == slot.name; }
            ) &&
            !slot.name.empty())
            made_.changes.push_back(
                quoted("credentials", std::exchange(slot.name, {})) + " removed"
            );
    for (std::size_t i = 0; i < next.credentials.size(); ++i) {
        auto const& name = next.credentials[i].name;
        bool const managed = !next.credentials[i].store.empty();
        auto const found = std::find_if(slots.begin(), slots.end(), [&](auto const& slot) {
            return slot.name == name;
        });
        if (found != slots.end()) {
            found->keyring = std::move(keyrings[i]);
            found->managed = managed;
            found->files = std::move(files[i]);
            continue;
        }
        auto& made = slots.emplace_back();
        made.name = name;
        made.keyring = std::move(keyrings[i]);
        made.managed = managed;
        made.files = std::move(files[i]);
        if (now_)
            made_.changes.push_back(quoted("credentials", name) + " added");
    }
    if (slots.size() > most_sets)
        refuse("too many credential sets since the start; restart the daemon");
}

// Of the credential sets, which are in their slots.
void step::assign_key_uses(config::settings const& next, protocol_module::key_uses&& uses)
{
    for (auto& slot : next_.credentials)
        if (slot.name.empty())
            slot.uses.reset();
    for (std::size_t i = 0; i < uses.size(); ++i)
        next_.credentials[credentials_slot(next.credentials[i].name)].uses = std::move(uses[i]);
}

void step::assign_backends(config::settings const& next)
{
    for (auto& slot : next_.backends) {
        bool const stays =
            slot && std::any_of(next.backends.begin(), next.backends.end(), [&](auto const& one) {
                return one.name == slot->name;
            });
        if (slot && !stays) {
            made_.changes.push_back(quoted("backend", slot->name) + " removed");
            slot.reset();
        }
    }
    for (auto const& backend : next.backends)
        assign_backend(backend);
}

void step::assign_backend(config::backend const& next)
{
    auto& slots = next_.backends;
    auto const found = std::find_if(slots.begin(), slots.end(), [&](auto const& slot) {
        return slot && slot->name == next.name;
    });
    if (found == slots.end()) {
        slots.push_back(std::make_shared<config::backend const>(next));
        if (now_)
            made_.changes.push_back(quoted("backend", next.name) + " added");
        return;
    }
    auto const& now = **found;
    bool const speaks_otherwise = now.format != next.format || now.payload != next.payload ||
                                  now.acknowledge != next.acknowledge;
    if (speaks_otherwise)
        refuse(
            quoted("backend", next.name) +
            ": \"format\", \"payload\" and \"acknowledge\" cannot change while records may wait "
            "for it; give the changed one another name, or restart the daemon"
        );
    if (now == next)
        return;
    made_.changes.push_back(quoted("backend", next.name) + " changed");
    *found = std::make_shared<config::backend const>(next);
}

// Of a listener without credentials: one for all of these, whose only key has no name.
std::size_t step::slot_without_keys()
{
    auto& slots = next_.credentials;
    auto const found =
        std::find_if(slots.begin(), slots.end(), [](auto const& slot) { return slot.of_nobody; });
    auto const at = static_cast<std::size_t>(found - slots.begin());
    if (found == slots.end()) {
        identity::keyring::parts none;
        none.key_ids.emplace_back();
        auto& made = slots.emplace_back();
        made.of_nobody = true;
        made.keyring = std::make_shared<identity::keyring const>(std::move(none), secret_bytes{});
    }
    return at;
}

std::size_t step::credentials_slot(std::string const& name)
{
    if (name.empty())
        return slot_without_keys();
    std::size_t slot = 0;
    while (next_.credentials[slot].name != name)
        ++slot;
    return slot;
}

std::size_t step::backend_slot(std::string const& name) const
{
    std::size_t slot = 0;
    while (!next_.backends[slot] || next_.backends[slot]->name != name)
        ++slot;
    return slot;
}

// For each listener the slot that it has already, under this name or another; `nowhere` for those
// that are made.
std::vector<std::size_t> step::slots_that_stay(config::settings const& next) const
{
    std::vector<std::size_t> made(next.listeners.size(), nowhere);
    for (std::size_t i = 0; i < made.size(); ++i) {
        auto const& wanted = next.listeners[i];
        for (std::size_t slot = 0; slot < next_.listeners.size(); ++slot) {
            auto const& now = next_.listeners[slot].config;
            if (now && have_same_address(*now, wanted) && carries_on(*now, wanted))
                made[i] = slot;
        }
    }
    return made;
}

void step::assign_listeners(config::settings const& next)
{
    auto const stays = slots_that_stay(next);
    std::vector<std::string> names_before;
    for (std::size_t slot = 0; slot < next_.listeners.size(); ++slot) {
        auto& now = next_.listeners[slot];
        if (!now.config)
            continue;
        names_before.push_back(now.config->name);
        if (std::find(stays.begin(), stays.end(), slot) != stays.end())
            continue;
        if (!has_listener(next, now.config->name))
            made_.changes.push_back(quoted("listener", now.config->name) + " removed");
        now = {};
    }
    for (std::size_t i = 0; i < next.listeners.size(); ++i) {
        auto const& wanted = next.listeners[i];
        if (stays[i] != nowhere) {
            keep_listener(stays[i], wanted);
            continue;
        }
        bool const is_known =
            std::find(names_before.begin(), names_before.end(), wanted.name) != names_before.end();
        if (now_)
            made_.changes.push_back(
                quoted("listener", wanted.name) + (is_known ? " made anew" : " added")
            );
        add_listener(wanted);
    }
    if (next_.listeners.size() > device_directory::most_listeners)
        refuse("too many listeners since the start; restart the daemon");
}

void step::keep_listener(std::size_t slot, config::listener const& next)
{
    auto& config = next_.listeners[slot].config;
    auto renamed = *config;
    if (renamed.name != next.name)
        made_.changes.push_back(
            quoted("listener", std::exchange(renamed.name, next.name)) + " renamed to \"" +
            next.name + '"'
        );
    if (renamed != next)
        made_.changes.push_back(quoted("listener", next.name) + " changed");
    if (*config != next)
        config = std::make_shared<config::listener const>(next);
}

void step::add_listener(config::listener const& next)
{
    made_.unbound.push_back(next_.listeners.size());
    next_.listeners.push_back({
        .config = std::make_shared<config::listener const>(next),
        .credentials = credentials_slot(next.credentials),
        .backend = backend_slot(next.backend),
        .admitted = make_admission(next),
        .rates = std::make_shared<device_rates>(rates_of(next)),
    });
}

void step::make_cells()
{
    next_.cells.resize(next_.settings.workers);
    for (auto& cells : next_.cells) {
        cells.listeners.resize(next_.listeners.size());
        cells.backends.resize(next_.backends.size());
        cells.credential_sessions.resize(next_.credentials.size());
        for (std::size_t i = 0; i < next_.credentials.size(); ++i)
            if (auto const& keyring = next_.credentials[i].keyring)
                cells.credential_sessions[i].resize(keyring->key_ids().size());
    }
}

next_snapshot step::take(loaded_snapshot&& loaded)
{
    made_.of_files = loaded.of_files;
    if (now_) {
        next_ = *now_;
        check_process(*loaded.settings);
    }
    assign_credentials(*loaded.settings, std::move(loaded.keyrings), std::move(loaded.files));
    assign_key_uses(*loaded.settings, std::move(loaded.key_uses));
    assign_backends(*loaded.settings);
    assign_listeners(*loaded.settings);
    if (!made_.refused.empty())
        return std::move(made_);
    next_.settings = std::move(*loaded.settings);
    ++next_.generation;
    make_cells();
    made_.snapshot = std::make_shared<shared_snapshot>(std::move(next_));
    return std::move(made_);
}

}  // namespace

next_snapshot make_next_snapshot(
    std::shared_ptr<shared_snapshot const> const& now,
    loaded_snapshot&& loaded,
    std::string const& file
)
{
    return step{now, file}.take(std::move(loaded));
}

void apply_limits(shared_snapshot const& snapshot)
{
    for (auto const& slot : snapshot.listeners)
        if (slot.config) {
            slot.admitted->set_limits(limits_of(*slot.config));
            slot.rates->set_limits(rates_of(*slot.config));
        }
}

}  // namespace gatehouse
