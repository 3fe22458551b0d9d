// Which command a request is, with its parameters checked for form (docs/reference/admin-api.md).
#pragma once

#include "admin/answer.h"
#include "admin/request.h"

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace gatehouse::admin {

enum class verb : std::uint8_t {
    version,
    status,
    sessions,
    credentials,
    keys,
    stale_devices,
    devices,
    device,
    log_level,
    // From here on something is changed, or a secret shown.
    reload,
    drain,
    set_log_level,
    close_session,
    add_device,
    rotate_key,
    revoke_key,
    enable_device,
    disable_device,
    remove_device,
    provisioning_key,
    import_devices,
    export_devices,
    purge_keys,
    back_up,
};

constexpr bool changes_something(verb what) noexcept
{
    return what >= verb::reload;
}

// As the audit log calls it.
std::string_view name_of(verb what) noexcept;

struct command {
    verb what = verb::version;
    std::string subject;                            // the ID, DEVICE or key of its path
    std::map<std::string, std::string> parameters;  // after the question mark
    boost::json::object body;
    std::string text;  // the body where it is no JSON document (import)

    // A parameter or, for commands with a document, its member of that name; nothing when absent.
    std::optional<std::string> find(std::string_view name) const;
    std::size_t limit(std::size_t usual) const;
};

inline constexpr std::size_t most_rows = 10'000;
inline constexpr std::size_t usual_rows = 100;

inline constexpr std::size_t largest_document = std::size_t{64} << 10;
inline constexpr std::size_t largest_import = std::size_t{256} << 20;  // of a million devices

// How many bytes of body a request may have, by everything else that it says; 0 when `parse`
// refuses it whatever its body is.
std::size_t body_limit(request const& from);

// Which command method and path ask for, and of what, whatever else is wrong with the request.
struct asked_command {
    verb what = verb::version;
    std::string subject;
};
std::optional<asked_command> recognise(std::string_view method, std::string_view target);

std::variant<command, refusal> parse(request const& from);

}  // namespace gatehouse::admin
