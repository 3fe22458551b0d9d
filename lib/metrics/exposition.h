// The scrape: sums the workers' cells and writes them as Prometheus text.
//
// Called on the main thread only. What it reads outlives it.
#pragma once

#include "metrics/cells.h"

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace gatehouse::metrics {

struct listener_labels {
    std::string name;
    std::string protocol;
    std::vector<std::string> unsafe_generations;  // admitted ones
    bool datagrams = false;                       // its transport
    bool requests = false;                        // has a protocol of single requests
    bool is_unsafe = false;                       // has a protocol that is
};

struct credential_labels {
    std::string name;
    std::vector<std::string> key_ids;               // by key index
    std::function<std::uint64_t(key_state)> count;  // keys in a state, now

    // Of keys of the gateway that accept single requests.
    struct accepting_key {
        std::string id;
        std::uint64_t capacity = 0;
        std::function<std::uint64_t()> accepted;  // so far
    };
    std::vector<accepting_key> accepting{};
};

// The names behind the slots of worker_cells, and what the process itself knows. A slot without a
// name is empty, and not shown.
struct labels {
    std::string version;
    std::string openssl;
    std::vector<listener_labels> listeners;
    std::vector<std::string> backends;
    std::vector<credential_labels> credentials;
};

// Numbers of the process as a whole.
struct process_values {
    std::uint64_t reloads_ok = 0;
    std::uint64_t reloads_failed = 0;
    std::uint64_t config_generation = 1;
    bool reload_failing = false;  // the last one changed nothing
    std::uint64_t log_lines_dropped = 0;
    std::uint64_t audit_lines_dropped = 0;
    std::uint64_t internal_failures = 0;  // tasks of the main thread
    using refusals = std::array<std::uint64_t, endpoint_refusal_names.size()>;
    std::array<refusals, endpoint_names.size()> endpoint_refusals{};
    std::uint64_t store_changes_unwritten = 0;  // in force, and not on the disk yet
    std::uint64_t files_missing = 0;
};

class exposition {
public:
    exposition(labels names, std::vector<worker_cells const*> workers)
        : names_{std::move(names)}
        , workers_{std::move(workers)}
    {
    }

    std::string text(process_values const& process) const;

private:
    labels names_;
    std::vector<worker_cells const*> workers_;
};

}  // namespace gatehouse::metrics
