#include "config/fields.h"
#include "config/sections.h"
#include "config/values.h"

namespace gatehouse::config {

namespace {

constexpr std::array<choice<transport>, 2> transports{{
    {"tcp", transport::tcp},
    {"udp", transport::udp},
}};

// A size, or bytes as a plain number.
void read_rate(yaml_map& map, std::string_view key, std::size_t& into)
{
    static constexpr number_range rates{0, std::uint64_t{1} << 40};
    auto const node = map.find(key);
    if (node && node->kind() == yaml_kind::plain && parse_number(node->text()))
        read_number(map, key, rates, into);
    else
        read_size(map, key, rates, into);
}

// A stream listener lets one address have all handshakes while nobody else wants any.
void read_limits(yaml_map& listener, config::listener const& spoken, limits& into)
{
    if (spoken.transport == transport::tcp)
        into.handshakes_per_address = 0;
    static constexpr number_range at_least_one{1};
    // Room for all of them is made at start.
    static constexpr number_range handshakes{1, std::uint64_t{1} << 20};
    static constexpr number_range half_records{256 * 1024, std::uint64_t{1} << 40};
    auto const section = listener.find("limits");
    if (!section)
        return;
    yaml_map map{*section, "\"limits\"", listener.report()};
    read_number(map, "sessions", {}, into.sessions);
    read_number(map, "sessions_per_address", {}, into.sessions_per_address);
    bool const named = read_number(map, "sessions_per_device", {}, into.sessions_per_device);
    if (named && spoken.protocol->facts().keys == nullptr && into.sessions_per_device > 0)
        listener.report().at(
            map.find("sessions_per_device")->where(),
            "\"sessions_per_device\" is not for protocol " + std::string{spoken.protocol->name()} +
                ", whose devices have no names"
        );
    if (named && spoken.protocol->facts().serves_requests)
        listener.report().at(
            map.find("sessions_per_device")->where(),
            "\"sessions_per_device\" is not for protocol " + std::string{spoken.protocol->name()} +
                ", whose requests are no sessions"
        );
    read_number(map, "messages_per_second", {}, into.messages_per_second);
    read_rate(map, "bytes_per_second", into.bytes_per_second);
    read_number(map, "handshakes_per_second", {}, into.handshakes_per_second);
    read_number(map, "handshakes", handshakes, into.handshakes);
    read_number(map, "handshakes_per_address", {}, into.handshakes_per_address);
    read_number(map, "half_open", at_least_one, into.half_open);
    read_size(map, "half_records", half_records, into.half_records);
    map.finish();
}

void read_times(yaml_map& listener, config::listener& into)
{
    read_duration(listener, "handshake_timeout", into.handshake_timeout);
    read_duration(listener, "idle_timeout", into.idle_timeout);
    read_duration(listener, "max_session_age", into.max_session_age);
    if (!read_duration(listener, "hello_timeout", into.hello_timeout))
        return;
    if (into.hello_timeout > into.handshake_timeout)
        listener.report().at(
            listener.find("hello_timeout")->where(),
            "\"hello_timeout\" must not be longer than \"handshake_timeout\", of which it is a "
            "part (" +
                std::to_string(into.handshake_timeout.count()) + "ms)"
        );
}

void read_udp(yaml_map& listener, bool is_udp, udp_options& into)
{
    static constexpr number_range buffer_sizes{64 * 1024, std::uint64_t{1} << 30};
    auto const section = listener.find("udp");
    if (!section)
        return;
    if (!is_udp)
        listener.report().at(section->where(), "\"udp\" is only for listeners with transport: udp");
    yaml_map map{*section, "\"udp\"", listener.report()};
    read_size(map, "receive_buffer", buffer_sizes, into.receive_buffer);
    read_size(map, "send_buffer", buffer_sizes, into.send_buffer);
    map.finish();
}

// What "protocol" names; nothing when it names none that is known.
protocol_type const* read_protocol(yaml_map& listener, protocol_list const& all)
{
    auto const node = listener.find("protocol");
    if (!node)
        return all.known.front();
    std::vector<word> words;
    for (auto const* one : all.known)
        words.push_back({one->name()});
    auto const chosen = choose(*node, "protocol", words, listener.report());
    return chosen ? all.known[*chosen] : nullptr;
}

// Where there is one only, it need not be written.
void read_transport(yaml_map& listener, config::listener& into)
{
    auto const only = into.protocol->facts().only_over;
    if (!read_choice(listener, "transport", transports, into.transport))
        return;
    if (only && into.transport != *only)
        listener.report().at(
            listener.find("transport")->where(),
            "protocol " + std::string{into.protocol->name()} + " is spoken over " +
                (only == transport::tcp ? "TCP; write transport: tcp" : "UDP; write transport: udp")
        );
}

// One that is not the listener's is a problem; so is any when the protocol is not known.
void read_protocol_sections(
    yaml_map& listener, std::string_view protocol, protocol_list const& all, config::listener& into
)
{
    auto& report = listener.report();
    for (auto const* one : all.known) {
        auto const section = listener.find(one->name());
        if (section && one->name() == protocol)
            into.options = one->read(*section, report);
        else if (section)
            report.at(
                section->where(),
                in_quotes(one->name()) +
                    " is only for listeners with protocol: " + std::string{one->name()}
            );
    }
}

// The name of the set that has the keys of its devices; of a protocol that is not known any.
void read_credentials(yaml_map& listener, protocol_type const* spoken, config::listener& into)
{
    bool const has_keys = spoken != nullptr && spoken->facts().keys != nullptr;
    if (has_keys)
        listener.require("credentials");
    read_label(listener, "credentials", into.credentials);
    auto const written = listener.find("credentials");
    if (written && spoken != nullptr && !has_keys)
        listener.report().at(
            written->where(),
            "\"credentials\" is not for protocol " + std::string{spoken->name()} +
                ", whose devices have no keys"
        );
}

bool is_loopback(endpoint const& at)
{
    return at.ip == "::1" || at.ip.starts_with("127.");
}

// An unsafe protocol stays on this machine unless the operator says otherwise, and is never silent.
void check_safety(yaml_map& listener, config::listener const& made, complaints& warnings)
{
    if (!made.protocol->is_unsafe())
        return;
    auto const protocol = "protocol " + std::string{made.protocol->name()};
    auto const danger = std::string{made.protocol->facts().danger};
    if (!made.accept_insecure && !is_loopback(made.bind))
        listener.report().at(
            position_of(listener, "bind"),
            protocol + " is unsafe: " + danger +
                "; bind it to a loopback address, or write \"insecure: accept\""
        );
    warnings.warn(
        position_of(listener, "protocol"),
        "unsafe listener",
        {},
        "listener " + in_quotes(made.name) + " is unsafe: " + protocol + ": " + danger
    );
}

void read_listener(yaml_node node, draft& into, complaints& report)
{
    static constexpr std::array<choice<bool>, 1> insecure{{{"accept", true}}};
    yaml_map map{node, "a listener", report};
    if (node.kind() != yaml_kind::map)
        return;
    listener made;

    map.require("name");
    read_label(map, "name", made.name);
    auto const* const spoken = read_protocol(map, into.protocols);
    set_protocol(made, spoken != nullptr ? *spoken : *into.protocols.known.front());
    read_transport(map, made);
    map.require("bind");
    read_endpoint(map, "bind", into.names, made.bind);
    read_credentials(map, spoken, made);
    map.require("backend");
    read_label(map, "backend", made.backend);
    read_times(map, made);
    read_limits(map, made, made.limits);
    read_choice(map, "insecure", insecure, made.accept_insecure);
    read_protocol_sections(
        map, spoken != nullptr ? spoken->name() : map.find("protocol")->text(), into.protocols, made
    );
    read_udp(map, made.transport == transport::udp, made.udp);
    made.protocol->warn(map, made, into.warnings);
    if (spoken != nullptr)
        check_safety(map, made, into.warnings);
    into.positions.push_back(
        {position_of(map, "name"),
         position_of(map, "bind"),
         position_of(map, "credentials"),
         position_of(map, "backend")}
    );
    map.finish();
    into.made.positions.binds.push_back(into.positions.back().bind);
    into.made.listeners.push_back(std::move(made));
}

}  // namespace

void read_listeners(yaml_map& top, draft& into)
{
    auto const node = top.find("listeners");
    bool const is_list = node && node->kind() == yaml_kind::list;
    if (!is_list || node->begin() == node->end()) {
        bool const wrong_type = node && !is_list && node->kind() != yaml_kind::nothing;
        top.report().at(
            node ? node->where() : top.where(),
            wrong_type
                ? "\"listeners\" must be a list" + instead(*node, top.report())
                : "listeners: at least one is needed, as in \"listeners: [{name: fleet, ...}]\""
        );
        return;
    }
    for (auto const listener : *node)
        read_listener(listener, into, top.report());
}

}  // namespace gatehouse::config
