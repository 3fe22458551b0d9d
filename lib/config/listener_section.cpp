#include "config/fields.h"
#include "config/sections.h"
#include "config/values.h"

namespace gatehouse::config {

namespace {

constexpr std::string_view not_here = "is not available in this version";

constexpr std::array<choice<protocol>, 5> protocols{{
    {"usmp", protocol::usmp},
    {"spp", protocol::spp},
    {"pssst", protocol::pssst},
    {"upss", std::nullopt},
    {"array-crypto", std::nullopt},
}};

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
    if (named && spoken.protocol == protocol::pssst)
        listener.report().at(
            map.find("sessions_per_device")->where(),
            "\"sessions_per_device\" is not for protocol pssst, whose requests are no sessions"
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

// SPP is spoken over TCP, PSSST over UDP, and the latter need not say so.
void read_transport(yaml_map& listener, config::listener& into)
{
    if (into.protocol == protocol::pssst)
        into.transport = transport::udp;
    if (!read_choice(listener, "transport", transports, into.transport))
        return;
    auto const where = listener.find("transport")->where();
    if (into.protocol == protocol::spp && into.transport != transport::tcp)
        listener.report().at(where, "protocol spp is spoken over TCP; write transport: tcp");
    if (into.protocol == protocol::pssst && into.transport != transport::udp)
        listener.report().at(where, "protocol pssst is spoken over UDP; write transport: udp");
}

// One that is not the listener's is a problem; so is any when the protocol is not known.
void read_protocol_sections(yaml_map& listener, std::string_view protocol, config::listener& into)
{
    auto& report = listener.report();
    auto const own = [&](std::string_view name) {
        auto const section = listener.find(name);
        if (section && name != protocol) {
            auto const text = std::string{name};
            report.at(
                section->where(), '"' + text + "\" is only for listeners with protocol: " + text
            );
            return std::optional<yaml_node>{};
        }
        return section;
    };
    if (auto const usmp = own("usmp"))
        read_usmp(*usmp, into.usmp, report);
    if (auto const spp = own("spp"))
        read_spp(*spp, into.spp, report);
    if (auto const pssst = own("pssst"))
        read_pssst(*pssst, into.pssst, report);
    for (auto const other : {"upss", "array-crypto", "array_crypto"})
        listener.refuse(other, not_here);
}

// A device of USMP over UDP may be silent for as long as it tries to send one frame.
void warn_of_short_idle_timeout(yaml_map& listener, config::listener const& made, complaints& into)
{
    static constexpr std::chrono::milliseconds five_tries{12'500};  // 0.5 + 1 + 2 + 4 + 5 s
    bool const repeats = made.protocol == protocol::usmp && made.transport == transport::udp;
    auto const written = listener.find("idle_timeout");
    if (repeats && written && made.idle_timeout < five_tries)
        into.warn(
            written->where(),
            "idle timeout is short",
            {},
            "over UDP a device may take 12.5 s to send one frame on a bad path (five tries), and "
            "an \"idle_timeout\" of " +
                std::to_string(made.idle_timeout.count()) +
                "ms ends its session before that; write 15s or more"
        );
}

void read_listener(yaml_node node, draft& into, complaints& report)
{
    static constexpr std::array<choice<bool>, 1> insecure{{{"accept", true}}};
    yaml_map map{node, "a listener", report};
    if (node.kind() != yaml_kind::map)
        return;
    listener made;
    auto const named = map.find("protocol");

    map.require("name");
    read_label(map, "name", made.name);
    bool const known = read_choice(map, "protocol", protocols, made.protocol) || !named;
    if (made.protocol == protocol::spp)
        made.idle_timeout = usual_spp_idle_timeout;
    read_transport(map, made);
    map.require("bind");
    read_endpoint(map, "bind", into.names, made.bind);
    if (known)
        map.require("credentials");
    read_label(map, "credentials", made.credentials);
    map.require("backend");
    read_label(map, "backend", made.backend);
    read_times(map, made);
    read_limits(map, made, made.limits);
    read_choice(map, "insecure", insecure, made.accept_insecure);
    read_protocol_sections(map, known ? name_of(made.protocol) : named->text(), made);
    read_udp(map, made.transport == transport::udp, made.udp);
    warn_of_short_idle_timeout(map, made, into.warnings);
    into.places.push_back(
        {place_of(map, "name"),
         place_of(map, "bind"),
         place_of(map, "credentials"),
         place_of(map, "backend")}
    );
    map.finish();
    into.made.places.binds.push_back(into.places.back().bind);
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
