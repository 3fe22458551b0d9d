#include "next_house.h"

#include "crypto/random.h"
#include "gateway/device_directory.h"

#include <algorithm>
#include <utility>

namespace gatehouse {

namespace {

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

// Must its devices be let go, because what carries their sessions is not the same any more?
bool needs_new_sockets(config::listener const& now, config::listener const& next)
{
    bool const is_udp = next.transport == config::transport::udp;
    return now.protocol != next.protocol || now.transport != next.transport ||
           now.bind != next.bind || now.credentials != next.credentials ||
           now.backend != next.backend ||
           now.usmp.chacha20_poly1305 != next.usmp.chacha20_poly1305 ||
           (is_udp && (now.udp != next.udp || now.limits.handshakes != next.limits.handshakes));
}

std::shared_ptr<admission> make_admission(config::listener const& listener)
{
    crypto::system_random random;
    return std::make_shared<admission>(limits_of(listener), crypto::draw_number(random));
}

class step {
public:
    step(std::shared_ptr<shared_house const> const& now, std::string const& file)
        : now_{now}
        , file_{file}
    {
    }

    next_house take(loaded_house&& loaded);

private:
    void refuse(std::string text) { made_.refused.push_back({file_, 0, 0, std::move(text)}); }
    void refuse_if(bool changed, std::string_view setting);
    void check_process(config::settings const& next);
    void place_credentials(
        config::settings const& next,
        std::vector<std::shared_ptr<identity::keyring const>>&& keyrings
    );
    void place_filters(config::settings const& next, std::vector<key_filters>&& filters);
    void place_backends(config::settings const& next);
    void place_backend(config::backend const& next);
    void place_listeners(config::settings const& next);
    void place_listener(config::listener const& next);
    void make_cells();

    std::size_t credentials_place(std::string const& name) const;
    std::size_t backend_place(std::string const& name) const;

    std::shared_ptr<shared_house const> now_;
    std::string const& file_;
    next_house made_;
    shared_house next_;
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

void step::place_credentials(
    config::settings const& next, std::vector<std::shared_ptr<identity::keyring const>>&& keyrings
)
{
    static constexpr std::size_t most_sets = 255;  // gateway/device_directory.h
    auto& places = next_.credentials;
    for (auto& place : places)
        if (std::none_of(
                next.credentials.begin(),
                next.credentials.end(),
                [&](auto const& set) { return set.name == place.name; }
            ) &&
            !std::exchange(place.name, {}).empty())
            made_.changes.emplace_back("a credential set removed");
    for (std::size_t i = 0; i < next.credentials.size(); ++i) {
        auto const& name = next.credentials[i].name;
        bool const managed = !next.credentials[i].store.empty();
        auto const found = std::find_if(places.begin(), places.end(), [&](auto const& place) {
            return place.name == name;
        });
        if (found != places.end()) {
            found->keyring = std::move(keyrings[i]);
            found->managed = managed;
            continue;
        }
        places.push_back({name, std::move(keyrings[i]), managed, {}});
        if (now_)
            made_.changes.push_back(quoted("credentials", name) + " added");
    }
    if (places.size() > most_sets)
        refuse("too many credential sets since the start; restart the daemon");
}

// Of the credential sets, which are in their places.
void step::place_filters(config::settings const& next, std::vector<key_filters>&& filters)
{
    for (auto& place : next_.credentials)
        if (place.name.empty())
            place.filters.clear();
    for (std::size_t i = 0; i < filters.size(); ++i)
        next_.credentials[credentials_place(next.credentials[i].name)].filters =
            std::move(filters[i]);
}

void step::place_backends(config::settings const& next)
{
    for (auto& place : next_.backends) {
        bool const stays =
            place && std::any_of(next.backends.begin(), next.backends.end(), [&](auto const& one) {
                return one.name == place->name;
            });
        if (place && !stays) {
            made_.changes.push_back(quoted("backend", place->name) + " removed");
            place.reset();
        }
    }
    for (auto const& backend : next.backends)
        place_backend(backend);
}

void step::place_backend(config::backend const& next)
{
    auto& places = next_.backends;
    auto const found = std::find_if(places.begin(), places.end(), [&](auto const& place) {
        return place && place->name == next.name;
    });
    if (found == places.end()) {
        places.push_back(std::make_shared<config::backend const>(next));
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

std::size_t step::credentials_place(std::string const& name) const
{
    std::size_t place = 0;
    while (next_.credentials[place].name != name)
        ++place;
    return place;
}

std::size_t step::backend_place(std::string const& name) const
{
    std::size_t place = 0;
    while (!next_.backends[place] || next_.backends[place]->name != name)
        ++place;
    return place;
}

void step::place_listeners(config::settings const& next)
{
    for (auto& place : next_.listeners) {
        bool const stays =
            place.config &&
            std::any_of(next.listeners.begin(), next.listeners.end(), [&](auto const& one) {
                return one.name == place.config->name;
            });
        if (place.config && !stays) {
            made_.changes.push_back(quoted("listener", place.config->name) + " removed");
            place = {};
        }
    }
    for (auto const& listener : next.listeners)
        place_listener(listener);
    if (next_.listeners.size() > device_directory::most_listeners)
        refuse("too many listeners since the start; restart the daemon");
}

void step::place_listener(config::listener const& next)
{
    auto& places = next_.listeners;
    auto const found = std::find_if(places.begin(), places.end(), [&](auto const& place) {
        return place.config && place.config->name == next.name;
    });
    if (found != places.end() && !needs_new_sockets(*found->config, next)) {
        if (*found->config == next)
            return;
        made_.changes.push_back(quoted("listener", next.name) + " changed");
        found->config = std::make_shared<config::listener const>(next);
        return;
    }
    if (found != places.end()) {
        // Two groups of datagram sockets on one port would take each other's datagrams.
        bool const same_port =
            next.transport == config::transport::udp && found->config->bind == next.bind;
        if (same_port)
            refuse(
                quoted("listener", next.name) +
                ": \"credentials\", \"backend\", \"udp\", \"limits.handshakes\" and "
                "\"usmp.cipher\" of a UDP listener cannot change on the same port; bind it to "
                "another, or restart the daemon"
            );
        *found = {};
    }
    if (now_)
        made_.changes.push_back(
            quoted("listener", next.name) + (found != places.end() ? " made anew" : " added")
        );
    made_.unbound.push_back(places.size());
    places.push_back({
        .config = std::make_shared<config::listener const>(next),
        .credentials = credentials_place(next.credentials),
        .backend = backend_place(next.backend),
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

next_house step::take(loaded_house&& loaded)
{
    if (now_) {
        next_ = *now_;
        check_process(*loaded.settings);
    }
    place_credentials(*loaded.settings, std::move(loaded.keyrings));
    place_filters(*loaded.settings, std::move(loaded.filters));
    place_backends(*loaded.settings);
    place_listeners(*loaded.settings);
    if (!made_.refused.empty())
        return std::move(made_);
    next_.settings = std::move(*loaded.settings);
    ++next_.generation;
    make_cells();
    made_.house = std::make_shared<shared_house>(std::move(next_));
    return std::move(made_);
}

}  // namespace

next_house make_next_house(
    std::shared_ptr<shared_house const> const& now, loaded_house&& loaded, std::string const& file
)
{
    return step{now, file}.take(std::move(loaded));
}

void apply_limits(shared_house const& house)
{
    for (auto const& place : house.listeners)
        if (place.config) {
            place.admitted->set_limits(limits_of(*place.config));
            place.rates->set_limits(rates_of(*place.config));
        }
}

}  // namespace gatehouse
