// The configuration as plain values. Every default stands here, once, as a member initialiser;
// those of a protocol's own settings stand in its options.h.
//
// Built by config/load.h, immutable afterwards. Paths are absolute or relative to the working
// directory (the loader has resolved them against the file that they stood in).
#pragma once

#include "config/position.h"
#include "config/protocol_options.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace gatehouse::config {

using milliseconds = std::chrono::milliseconds;

class protocol_type;  // config/protocol_type.h

enum class transport : std::uint8_t { tcp, udp };

// "IP:PORT", or "NAME:PORT" with what the name stood for when the file was read. An IPv6 address
// binds dual stack when it is the wildcard.
struct endpoint {
    std::string ip;
    std::uint16_t port = 0;
    std::string name = {};  // as written: localhost, an interface; empty where the address stood

    // The same place, whatever it is called.
    bool operator==(endpoint const& other) const noexcept
    {
        return port == other.port && ip == other.ip;
    }

    // "eth0:9000"; empty where the address stood.
    std::string written() const
    {
        return name.empty() ? std::string{} : name + ':' + std::to_string(port);
    }
};

// All are per listener and across workers; 0 = no limit (where it says so).
struct limits {
    std::uint32_t sessions = 100'000;         // authenticated; 0 = no limit
    std::uint32_t sessions_per_address = 0;   // 0 = no limit
    std::uint32_t sessions_per_device = 1;    // the newest stay; 0 = no limit
    std::uint32_t messages_per_second = 0;    // of one device; 0 = no limit
    std::size_t bytes_per_second = 0;         // of its messages; 0 = no limit
    std::uint32_t handshakes_per_second = 0;  // 0 = no limit
    std::uint32_t handshakes = 1'024;         // between hello and proof, at once
    std::uint32_t handshakes_per_address =
        256;                          // of them, for one address; 0 = no limit, as TCP has
    std::uint32_t half_open = 4'096;  // connections without a complete hello, at once
    std::size_t half_records = std::size_t{32} << 20;  // bytes of unfinished frames and messages
    bool operator==(limits const&) const = default;
};

// For transport udp only.
struct udp_options {
    std::size_t receive_buffer = std::size_t{4} << 20;  // bytes asked of the kernel, a worker
    std::size_t send_buffer = std::size_t{4} << 20;
    bool operator==(udp_options const&) const = default;
};

struct listener {
    std::string name;
    protocol_type const* protocol = nullptr;
    config::transport transport = transport::tcp;
    endpoint bind;
    std::string credentials;        // name of a credential set
    std::string backend;            // name of a backend
    bool accept_insecure = false;   // `insecure: accept`
    milliseconds hello_timeout{0};  // 0 = the handshake timeout
    milliseconds handshake_timeout{10'000};
    milliseconds idle_timeout{60'000};
    milliseconds max_session_age{24 * 3'600'000};
    config::limits limits;
    protocol_options options;
    udp_options udp;
    bool operator==(listener const&) const = default;
};

// Either a file or a managed store.
struct credential_set {
    std::string name;
    std::string file;
    std::string store;      // path of an SQLite database
    std::string store_key;  // where its sealing key is: "file:PATH", resolved, or "credential:NAME"
    bool operator==(credential_set const&) const = default;
};

enum class record_format : std::uint8_t { ndjson, records };
enum class payload_form : std::uint8_t { base64, text };

struct backend {
    std::string name;
    std::string socket;
    record_format format = record_format::ndjson;
    payload_form payload = payload_form::base64;
    bool acknowledge = false;
    std::size_t queue_limit = std::size_t{4} << 20;  // bytes waiting, a worker: then reading pauses
    std::size_t downlink_limit = std::size_t{64} << 10;  // bytes waiting for one device
    bool operator==(backend const&) const = default;
};

enum class log_level : std::uint8_t { debug, info, warn, error };
enum class log_format : std::uint8_t { text, json };

struct log_options {
    log_level level = log_level::info;
    log_format format = log_format::text;
    bool operator==(log_options const&) const = default;
};

struct node_options {
    std::string name;      // in the hello record; empty = the host name
    std::uint16_t id = 0;  // in bytes 1 and 2 of session ids
    bool operator==(node_options const&) const = default;
};

// A socket for administration (docs/reference/admin-api.md).
struct admin_options {
    std::string socket = "/run/gatehouse/admin.sock";
    std::uint32_t mode = 0660;
    std::string group;  // who may use it beside root and the daemon's user; empty = nobody
    bool operator==(admin_options const&) const = default;
};

// Where the values stand that only the system can judge, such as addresses.
struct source_positions {
    struct admin_socket {
        position socket;
        position group;
    };

    std::vector<position> binds;            // of listeners
    std::vector<position> backend_sockets;  // of backends
    position metrics;
    admin_socket admin;
    admin_socket admin_read_only;
    position audit;
};

struct settings {
    std::uint32_t workers = 0;  // 0 = auto: the cores this process may use
    milliseconds shutdown_timeout{30'000};
    std::filesystem::path state_directory;  // for what should outlive the process; empty = none
    node_options node;
    std::vector<listener> listeners;
    std::vector<credential_set> credentials;
    std::vector<backend> backends;
    endpoint metrics{"127.0.0.1", 9464};
    bool metrics_enabled = false;  // true when the file has a `metrics` section
    admin_options admin;
    bool admin_enabled = false;  // true when the file has an `admin` section
    admin_options admin_read_only;
    std::string audit_file;                // `admin: {audit: PATH}`; empty = the log only
    bool admin_read_only_enabled = false;  // `admin: {read_only: {socket: ...}}`
    log_options log;
    source_positions positions;
};

}  // namespace gatehouse::config
