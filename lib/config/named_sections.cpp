#include "config/fields.h"
#include "config/file_text.h"
#include "config/sections.h"
#include "config/values.h"

#include <unordered_map>

namespace gatehouse::config {

namespace {

// `section: {name: {...}, ...}`: the entries whose names are usable and stand once.
std::vector<yaml_entry> named_entries(yaml_node section, std::string_view what, complaints& report)
{
    std::vector<yaml_entry> usable;
    std::unordered_map<std::string_view, position> seen;
    for (auto const& entry : entries_of(section, what, report)) {
        auto const name = entry.key.text();
        auto const [earlier, first] = seen.emplace(name, entry.key.where());
        if (!is_label(name))
            report.at(
                entry.key.where(),
                "a name must be 1 to 64 printable characters without spaces, not " + in_quotes(name)
            );
        else if (!first)
            report.at(
                entry.key.where(),
                "duplicate key " + in_quotes(name) + "; it stands in line " +
                    std::to_string(earlier->second.line) + " already"
            );
        else
            usable.push_back(entry);
    }
    return usable;
}

// "sqlite:PATH", with the key under which its secrets are sealed.
void read_store(yaml_map& map, credential_set& into)
{
    static constexpr std::string_view kind = "sqlite:";
    static constexpr std::string_view in_file = "file:";
    static constexpr std::string_view in_credential = "credential:";
    auto const store = map.find("store");
    auto const text = store->is_scalar() ? store->text() : std::string_view{};
    if (text.size() > kind.size() && text.substr(0, kind.size()) == kind)
        into.store = beside(map.report().file(), text.substr(kind.size()));
    else
        map.report().at(
            store->where(), "\"store\" must be sqlite:PATH" + instead(*store, map.report())
        );
    auto const key = map.require("store_key");
    if (!key)
        return;
    auto const where = key->is_scalar() ? key->text() : std::string_view{};
    if (where.size() > in_file.size() && where.substr(0, in_file.size()) == in_file)
        into.store_key =
            std::string{in_file} + beside(map.report().file(), where.substr(in_file.size()));
    else if (where.substr(0, in_credential.size()) == in_credential)
        into.store_key = where;
    else
        map.report().at(
            key->where(),
            "\"store_key\" must be file:PATH or credential:NAME; the key itself does not stand in "
            "the configuration"
        );
}

void read_backend(yaml_map& map, backend& into)
{
    static constexpr std::array<choice<record_format>, 3> formats{{
        {"ndjson", record_format::ndjson},
        {"records", record_format::records},
        {"stream", std::nullopt},
    }};
    static constexpr std::array<choice<payload_form>, 2> payloads{{
        {"base64", payload_form::base64},
        {"text", payload_form::text},
    }};
    // Small enough to test back-pressure with, large enough for one message and its record.
    static constexpr number_range queue_sizes{4096, std::uint64_t{1} << 30};

    map.require("socket");
    read_socket_path(map, "socket", into.socket);
    read_choice(map, "format", formats, into.format);
    read_choice(map, "payload", payloads, into.payload);
    read_flag(map, "acknowledge", into.acknowledge);
    read_size(map, "queue_limit", queue_sizes, into.queue_limit);
    read_size(map, "downlink_limit", queue_sizes, into.downlink_limit);
    if (into.payload == payload_form::text && into.format != record_format::ndjson)
        map.report().at(
            map.find("payload")->where(),
            "payload: text needs format: ndjson; other formats carry the bytes themselves"
        );
    map.finish();
}

}  // namespace

void read_credential_sets(yaml_map& top, draft& into)
{
    auto const section = top.require("credentials");
    if (!section)
        return;
    into.has_credentials = true;
    for (auto const& entry : named_entries(*section, "\"credentials\"", top.report())) {
        auto const name = std::string{entry.key.text()};
        yaml_map map{entry.value, "credentials " + in_quotes(name), top.report()};
        credential_set made;
        made.name = name;
        if (map.find("store"))
            read_store(map, made);
        else
            map.require("file");
        read_path(map, "file", made.file);
        if (map.find("file") && map.find("store"))
            map.report().at(
                map.find("store")->where(),
                "a credential set has a \"file\" or a \"store\", not both"
            );
        map.finish();
        into.made.credentials.push_back(std::move(made));
    }
    static constexpr std::size_t most = 255;  // gateway/device_directory.h
    if (into.made.credentials.size() > most)
        top.report().at(section->where(), "there may be 255 credential sets at most");
}

void read_backends(yaml_map& top, draft& into)
{
    auto const section = top.require("backends");
    if (!section)
        return;
    into.has_backends = true;
    for (auto const& entry : named_entries(*section, "\"backends\"", top.report())) {
        backend made;
        made.name = entry.key.text();
        yaml_map map{entry.value, "backend " + in_quotes(made.name), top.report()};
        auto const socket = map.find("socket");
        into.made.positions.backend_sockets.push_back(socket ? socket->where() : map.where());
        read_backend(map, made);
        into.made.backends.push_back(std::move(made));
    }
}

}  // namespace gatehouse::config
