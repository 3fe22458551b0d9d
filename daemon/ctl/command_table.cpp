#include "command_table.h"

#include "config/nearest_word.h"
#include "device_commands.h"
#include "device_secret_commands.h"
#include "key_commands.h"
#include "keygen_command.h"
#include "process_commands.h"
#include "session_commands.h"
#include "shell_commands.h"
#include "store_commands.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace gatehouse::ctl {

namespace {

constexpr auto required = presence::required;
constexpr auto optional = presence::optional;

constexpr option credentials{"--credentials", "SET", "the credentials, if several are configured"};
constexpr option watch{"--watch", "[SECONDS]", "again and again, every 2 seconds by default"};
constexpr option limit{"--limit", "N", "at most so many lines"};
constexpr option yes{"--yes", "", "do not ask for confirmation"};
constexpr option out{
    "--out", "FILE", "write the secret to a new file, - is standard output", offers::files};
constexpr option secret_file{
    "--secret-file", "FILE", "this key (raw bytes) instead of a random one", offers::files};
constexpr option new_key{"--key-id", "ID", "the id of the new key"};
constexpr option known_key{"--key-id", "ID", "this key only", offers::keys};

constexpr std::array global{
    option{
        "--socket",
        "PATH",
        "the daemon's, default $GATEHOUSE_ADMIN_SOCKET or /run/gatehouse/admin.sock",
        offers::files},
    option{"--json", "", "the daemon's JSON document instead of text"},
    option{"--timeout", "SECONDS", "how long to wait for an answer, default 60"},
    option{"--help", "", "this text"},
};

constexpr std::array watched{watch};
constexpr std::array confirmed{yes};
constexpr std::array set_only{credentials};
constexpr std::array sessions_options{
    option{"--device", "DEVICE", "of this device", offers::devices},
    option{"--listener", "NAME", "of this listener"},
    option{"--credential", "ID", "that authenticated with this key", offers::keys},
    limit,
    watch,
};
constexpr std::array keys_options{
    option{"--credentials", "SET", "of these credentials only"},
    option{
        "--stale",
        "ID",
        "instead: the devices that have a newer key and do not use it yet",
        offers::keys},
    limit,
    watch,
};
constexpr std::array list_options{credentials, limit};
constexpr std::array add_options{
    credentials,
    option{"--name", "NAME", "a name for people"},
    new_key,
    secret_file,
    option{"--not-before", "TIME", "when the key begins to be valid (2026-12-01T00:00:00Z)"},
    option{"--not-after", "TIME", "when it ends"},
    out,
};
constexpr std::array rotate_options{
    credentials,
    option{"--overlap", "TIME", "how long older keys stay valid (7d)"},
    new_key,
    secret_file,
    out,
};
constexpr std::array remove_options{credentials, yes};
constexpr std::array revoke_options{credentials, known_key, yes};
constexpr std::array psk_options{credentials, known_key, out};
constexpr std::array import_options{
    credentials,
    option{
        "--policy",
        "POLICY",
        "devices that exist: add (default) keeps, replace replaces them",
        offers::policies},
    yes,
};
constexpr std::array export_options{credentials, out};
constexpr std::array purge_options{
    credentials,
    option{"--closed-for", "TIME", "which closed or were revoked so long ago (90d)"},
    yes,
};

constexpr std::array keygen_options{
    option{
        "--out",
        "FILE",
        "write the private key (32 raw bytes) to a new file, - is standard output",
        offers::files},
    option{
        "--format",
        "FORMAT",
        "keys as other programs want them: raw, hex, base64",
        offers::key_formats},
    option{
        "--public",
        "FILE",
        "instead: the public half of the private key in this file",
        offers::files},
};

constexpr std::array key_type_operand{operand{"TYPE", required, offers::key_types}};
constexpr std::array device_operand{operand{"DEVICE", required, offers::devices}};
constexpr std::array new_device_operand{operand{"DEVICE", required}};
constexpr std::array session_operand{operand{"SESSION", required, offers::sessions}};
constexpr std::array file_operand{operand{"FILE", required, offers::files}};
constexpr std::array level_operand{operand{"LEVEL", optional, offers::log_levels}};
constexpr std::array shell_operand{operand{"SHELL", required, offers::shells}};
constexpr std::array command_operand{operand{"COMMAND", optional, offers::commands}};

constexpr std::array<command, 25> table{{
    {"version", "the versions of program and daemon", {}, {}, run_version},
    {"status", "state, listeners and backends", {}, watched, run_status},
    {"sessions", "live sessions", {}, sessions_options, run_sessions},
    {"session close", "end a session", session_operand, {}, run_session_close},
    {"credentials", "the sets of credentials", {}, watched, run_credentials},
    {"keys", "keys, and who uses them", {}, keys_options, run_keys},
    {"device list", "all devices", {}, list_options, run_device_list},
    {"device show", "one device", device_operand, set_only, run_device_show},
    {"device add", "a new device, and its key", new_device_operand, add_options, run_device_add},
    {"device enable", "let it connect again", device_operand, set_only, run_device_enable},
    {"device disable", "keep it out, keep its keys", device_operand, set_only, run_device_disable},
    {"device remove", "forget it and its keys", device_operand, remove_options, run_device_remove},
    {"device rotate", "a new key for a device", device_operand, rotate_options, run_device_rotate},
    {"device revoke", "end its keys at once", device_operand, revoke_options, run_device_revoke},
    {"device psk", "its key, for provisioning", device_operand, psk_options, run_device_psk},
    {"device import", "take in a credential file", file_operand, import_options, run_device_import},
    {"device export", "all devices, with secrets", {}, export_options, run_device_export},
    {"store backup",
     "a copy of the store, sealed as it is",
     file_operand,
     set_only,
     run_store_backup},
    {"store purge", "forget keys that are over", {}, purge_options, run_store_purge},
    {"reload", "read the configuration again", {}, {}, run_reload},
    {"drain", "end all sessions, then the daemon", {}, confirmed, run_drain},
    {"log-level", "show or set the log's level", level_operand, {}, run_log_level},
    {"keygen",
     "a key: psk, or a pair: ed25519, x25519",
     key_type_operand,
     keygen_options,
     run_keygen},
    {"completion", "a completion script: bash, zsh, fish", shell_operand, {}, run_completion},
    {"help", "help for a command", command_operand, {}, run_help},
}};

// What the completion scripts call; not shown.
constexpr std::array kind_operand{operand{"KIND", required}};
constexpr command complete{"__complete", "", kind_operand, {}, run_complete};

constexpr std::array<std::string_view, 4> log_levels{"debug", "info", "warn", "error"};
constexpr std::array<std::string_view, 2> policies{"add", "replace"};
constexpr std::array<std::string_view, 3> shells{"bash", "zsh", "fish"};
constexpr std::array<std::string_view, 3> key_types{"psk", "ed25519", "x25519"};
constexpr std::array<std::string_view, 3> key_formats{"raw", "hex", "base64"};

std::string_view first_word(std::string_view name)
{
    return name.substr(0, name.find(' '));
}

}  // namespace

std::span<command const> all_commands() noexcept
{
    return table;
}

std::span<option const> global_options() noexcept
{
    return global;
}

command const* find_command(std::string_view name) noexcept
{
    auto const* const found = std::find_if(table.begin(), table.end(), [&](command const& each) {
        return each.name == name;
    });
    if (found != table.end())
        return found;
    return name == complete.name ? &complete : nullptr;
}

bool is_group(std::string_view word) noexcept
{
    return std::any_of(table.begin(), table.end(), [&](command const& each) {
        return each.name != word && first_word(each.name) == word;
    });
}

std::vector<command const*> commands_under(std::string_view name)
{
    std::vector<command const*> found;
    for (auto const& each : table)
        if (name.empty() || each.name == name || first_word(each.name) == name)
            found.push_back(&each);
    return found;
}

std::span<std::string_view const> fixed_values(offers what) noexcept
{
    switch (what) {
    case offers::log_levels:
        return log_levels;
    case offers::policies:
        return policies;
    case offers::shells:
        return shells;
    case offers::key_types:
        return key_types;
    case offers::key_formats:
        return key_formats;
    default:
        return {};
    }
}

std::string command_suggestion(std::string_view two_words, std::string_view first)
{
    std::vector<std::string_view> names;
    names.reserve(table.size());
    for (auto const& each : table)
        names.push_back(each.name);
    auto near = config::nearest_word(two_words, names);
    if (near.empty())
        near = config::nearest_word(first, names);
    if (near.empty() && first.find(' ') == std::string_view::npos) {
        names.clear();
        for (auto const& each : table)
            names.push_back(first_word(each.name));
        near = config::nearest_word(first, names);
    }
    return near.empty() ? std::string{} : "; did you mean " + std::string{near} + '?';
}

}  // namespace gatehouse::ctl
