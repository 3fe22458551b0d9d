#include "config/address_overlap.h"
#include "config/credential_kind.h"
#include "config/sections.h"

#include <algorithm>
#include <filesystem>
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
    for (std::size_t i = 0; i < all.positions.size(); ++i) {
        auto const& name = all.made.listeners[i].name;
        if (name.empty())
            continue;
        auto const [earlier, first] = seen.emplace(name, all.positions[i].name);
        if (!first)
            report.at(
                all.positions[i].name,
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
    for (std::size_t i = 0; i < all.positions.size(); ++i) {
        auto const& [name, bind, credentials, backend] = all.positions[i];
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
    for (std::size_t i = 0; i < all.positions.size(); ++i) {
        auto const& listener = all.made.listeners[i];
        auto const& sets = all.made.credentials;
        auto const set = std::find_if(sets.begin(), sets.end(), [&](auto const& one) {
            return one.name == listener.credentials;
        });
        if (set == sets.end())
            continue;
        auto const* const kind = listener.protocol->facts().keys;
        if (kind == nullptr)
            continue;
        auto const protocol = std::string{listener.protocol->name()};
        auto const keys = std::string{kind->words()};
        if (!set->store.empty() && !kind->fits_a_store())
            report.at(
                all.positions[i].credentials,
                "credentials " + in_quotes(set->name) +
                    " are a store, which holds pre-shared "
                    "keys; protocol " +
                    protocol + " needs a \"file\" with " + keys
            );
        auto const [earlier, first] = first_users.emplace(set->name, i);
        auto const& other = all.made.listeners[earlier->second];
        auto const* const others = other.protocol->facts().keys;
        if (!first && others != kind)
            report.at(
                all.positions[i].credentials,
                "credentials " + in_quotes(set->name) + " are used by listener " +
                    in_quotes(other.name) + " (" + line_of(all.positions[earlier->second].name) +
                    ") with protocol " + std::string{other.protocol->name()} + " and hold " +
                    std::string{others->words()} + "; listener " + in_quotes(listener.name) +
                    " with protocol " + protocol + " needs credentials of its own, with " + keys
            );
    }
}

// IPv4 in the form of IPv6 is an address that a socket for IPv4 has to be bound to.
void check_form(endpoint const& at, position where, complaints& report)
{
    static constexpr std::string_view mapped = "::ffff:";
    if (at.ip.starts_with(mapped) && at.ip.find('.') != std::string::npos)
        report.at(
            where,
            "an IPv4 address in the form of IPv6 cannot be bound; write \"" +
                at.ip.substr(mapped.size()) + ':' + std::to_string(at.port) + '"'
        );
}

struct bound {
    endpoint const* at;
    transport over;
    position where;
};

// Listeners may have a wildcard and one of its addresses on the same port: the kernel gives each
// device to the closer one. The metrics endpoint shares its port with nobody.
void check_addresses(draft const& all, complaints& report)
{
    auto const& made = all.made;
    std::vector<bound> taken;
    auto const take = [&](bound const& one, auto const& collides) {
        check_form(*one.at, one.where, report);
        auto const earlier = std::find_if(taken.begin(), taken.end(), [&](bound const& other) {
            return other.over == one.over && collides(*other.at, *one.at);
        });
        if (earlier != taken.end())
            report.at(
                one.where,
                "this address is bound in " + line_of(earlier->where) +
                    " already; choose another port" +
                    (earlier->at->ip == one.at->ip ? "" : " (a wildcard takes all addresses)")
            );
        taken.push_back(one);
    };
    auto const same = [](endpoint const& a, endpoint const& b) { return a.port != 0 && a == b; };
    for (std::size_t i = 0; i < all.positions.size(); ++i)
        take({&made.listeners[i].bind, made.listeners[i].transport, all.positions[i].bind}, same);
    if (made.metrics_enabled)
        take({&made.metrics, transport::tcp, made.positions.metrics}, overlap);
}

// A file that the daemon makes is nobody else's.
void check_sockets(draft const& all, complaints& report)
{
    auto const& made = all.made;
    if (!made.admin_enabled)
        return;
    auto const whole = [](std::string const& path) {
        return std::filesystem::path{path}.lexically_normal();
    };
    auto const own = [&](std::string const& path, position where, std::string_view what) {
        for (std::size_t i = 0; i < made.backends.size(); ++i)
            if (whole(made.backends[i].socket) == whole(path))
                report.at(
                    where,
                    std::string{what} + " is the socket of backend " +
                        in_quotes(made.backends[i].name) + " (" +
                        line_of(made.positions.backend_sockets[i]) + "); choose another path"
                );
    };
    own(made.admin.socket, made.positions.admin.socket, "this");
    if (made.admin_read_only_enabled)
        own(made.admin_read_only.socket, made.positions.admin_read_only.socket, "this");
    if (made.audit_file.empty())
        return;
    own(made.audit_file, made.positions.audit, "the audit log");
    bool const is_admin = whole(made.audit_file) == whole(made.admin.socket) ||
                          (made.admin_read_only_enabled &&
                           whole(made.audit_file) == whole(made.admin_read_only.socket));
    if (is_admin)
        report.at(
            made.positions.audit,
            "the audit log is an administration socket too; choose another path"
        );
}

}  // namespace

void check_together(draft const& all, complaints& report)
{
    check_names(all, report);
    check_references(all, report);
    check_credential_kinds(all, report);
    check_addresses(all, report);
    check_sockets(all, report);
}

}  // namespace gatehouse::config
