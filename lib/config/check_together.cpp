#include "config/credential_kind.h"
#include "config/sections.h"

#include <algorithm>
#include <string>
#include <unordered_map>

namespace gatehouse::config {

namespace {

std::string line_of(position where)
{
    return "line " + std::to_string(where.line);
}

void check_names(draft const& all, complaints& report)
{
    std::unordered_map<std::string_view, position> seen;
    for (std::size_t i = 0; i < all.places.size(); ++i) {
        auto const& name = all.made.listeners[i].name;
        if (name.empty())
            continue;
        auto const [earlier, first] = seen.emplace(name, all.places[i].name);
        if (!first)
            report.at(
                all.places[i].name,
                "a listener " + in_quotes(name) + " stands in " + line_of(earlier->second) +
                    " already; names are unique"
            );
    }
}

template <class Items>
bool has_name(Items const& items, std::string const& name)
{
    return std::any_of(items.begin(), items.end(), [&](auto const& i) { return i.name == name; });
}

template <class Items>
std::string names_of(Items const& items)
{
    std::string all;
    for (auto const& item : items)
        all += (all.empty() ? "" : ", ") + item.name;
    return all.empty() ? "there are none" : "there are: " + all;
}

void check_references(draft const& all, complaints& report)
{
    auto const& made = all.made;
    for (std::size_t i = 0; i < all.places.size(); ++i) {
        auto const& [name, bind, credentials, backend] = all.places[i];
        auto const& from = made.listeners[i];
        if (all.has_credentials && !from.credentials.empty() &&
            !has_name(made.credentials, from.credentials))
            report.at(
                credentials,
                "no credentials " + in_quotes(from.credentials) +
                    " in the section \"credentials\"; " + names_of(made.credentials)
            );
        if (all.has_backends && !from.backend.empty() && !has_name(made.backends, from.backend))
            report.at(
                backend,
                "no backend " + in_quotes(from.backend) + " in the section \"backends\"; " +
                    names_of(made.backends)
            );
    }
}

// Each protocol has keys of its own kind, and a set has one kind.
void check_credential_kinds(draft const& all, complaints& report)
{
    std::unordered_map<std::string_view, std::size_t> first_users;
    for (std::size_t i = 0; i < all.places.size(); ++i) {
        auto const& listener = all.made.listeners[i];
        auto const& sets = all.made.credentials;
        auto const set = std::find_if(sets.begin(), sets.end(), [&](auto const& one) {
            return one.name == listener.credentials;
        });
        if (set == sets.end())
            continue;
        auto const protocol = std::string{name_of(listener.protocol)};
        auto const keys = std::string{words_for(kind_of(listener.protocol))};
        if (!set->store.empty() && listener.protocol != protocol::usmp)
            report.at(
                all.places[i].credentials,
                "credentials " + in_quotes(set->name) +
                    " are a store, which holds pre-shared "
                    "keys; protocol " +
                    protocol + " needs a \"file\" with " + keys
            );
        auto const [earlier, first] = first_users.emplace(set->name, i);
        auto const& other = all.made.listeners[earlier->second];
        if (!first && kind_of(other.protocol) != kind_of(listener.protocol))
            report.at(
                all.places[i].credentials,
                "credentials " + in_quotes(set->name) + " are used by listener " +
                    in_quotes(other.name) + " (" + line_of(all.places[earlier->second].name) +
                    ") with protocol " + std::string{name_of(other.protocol)} + " and hold " +
                    std::string{words_for(kind_of(other.protocol))} + "; listener " +
                    in_quotes(listener.name) + " with protocol " + protocol +
                    " needs credentials of its own, with " + keys
            );
    }
}

struct bound {
    endpoint const* at;
    transport over;
    position where;
};

// Port 0 is a new port each time. A listener at [::] takes IPv4 as well.
bool collide(endpoint const& a, endpoint const& b)
{
    auto const is_any = [](endpoint const& e) { return e.ip == "::" || e.ip == "0.0.0.0"; };
    return a.port != 0 && a.port == b.port && (a.ip == b.ip || (is_any(a) && is_any(b)));
}

void check_addresses(draft const& all, complaints& report)
{
    std::vector<bound> taken;
    auto const take = [&](endpoint const& at, transport over, position where) {
        auto const earlier = std::find_if(taken.begin(), taken.end(), [&](bound const& other) {
            return other.over == over && collide(*other.at, at);
        });
        if (earlier != taken.end())
            report.at(
                where,
                "this address is bound in " + line_of(earlier->where) +
                    " already; choose another port" +
                    (earlier->at->ip == at.ip ? "" : " ([::] takes IPv4 as well)")
            );
        taken.push_back({&at, over, where});
    };
    for (std::size_t i = 0; i < all.places.size(); ++i)
        take(all.made.listeners[i].bind, all.made.listeners[i].transport, all.places[i].bind);
    if (all.made.metrics_enabled)
        take(all.made.metrics, transport::tcp, all.metrics_bind);
}

}  // namespace

void check_together(draft const& all, complaints& report)
{
    check_names(all, report);
    check_references(all, report);
    check_credential_kinds(all, report);
    check_addresses(all, report);
}

}  // namespace gatehouse::config
