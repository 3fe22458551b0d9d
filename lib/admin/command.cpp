#include "admin/command.h"

#include "base/hex.h"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <span>
#include <vector>

namespace gatehouse::admin {

namespace {

using words = std::vector<std::string>;

// `*` stands for the subject. Parameters and members are separated by spaces.
struct form {
    std::string_view method;
    std::string_view path;
    verb what;
    std::string_view name;
    std::string_view parameters;
    std::string_view members;  // of the document; "" = no body, "text" = any text
};

constexpr std::array<form, 24> forms{{
    {"GET", "version", verb::version, "version", "", ""},
    {"GET", "status", verb::status, "status", "", ""},
    {"GET", "sessions", verb::sessions, "sessions", "device listener credential limit", ""},
    {"GET", "credentials", verb::credentials, "credentials", "", ""},
    {"GET", "keys", verb::keys, "keys", "credentials", ""},
    {"GET", "keys/*/stale", verb::stale_devices, "stale", "credentials limit", ""},
    {"GET", "devices", verb::devices, "devices", "credentials limit after", ""},
    {"GET", "devices/*", verb::device, "device", "credentials", ""},
    {"GET", "log-level", verb::log_level, "log-level", "", ""},
    {"POST", "reload", verb::reload, "reload", "", ""},
    {"POST", "drain", verb::drain, "drain", "", ""},
    {"PUT", "log-level", verb::set_log_level, "set log-level", "", "level"},
    {"POST", "sessions/*/close", verb::close_session, "close session", "", ""},
    {"POST", "devices", verb::add_device, "add device", "", "device name credentials key"},
    {"POST",
     "devices/*/rotate",
     verb::rotate_key,
     "rotate key",
     "",
     "credentials id secret overlap"},
    {"POST", "devices/*/revoke", verb::revoke_key, "revoke key", "", "credentials id"},
    {"POST", "devices/*/enable", verb::enable_device, "enable device", "", "credentials"},
    {"POST", "devices/*/disable", verb::disable_device, "disable device", "", "credentials"},
    {"DELETE", "devices/*", verb::remove_device, "remove device", "credentials", ""},
    {"POST", "devices/*/psk", verb::provisioning_key, "show key", "", "credentials id"},
    {"POST", "import", verb::import_devices, "import devices", "credentials policy", "text"},
    {"POST", "export", verb::export_devices, "export devices", "credentials", ""},
    {"POST", "purge", verb::purge_keys, "purge keys", "", "credentials closed_for"},
    {"POST", "backup", verb::back_up, "back up", "", "credentials file"},
}};

constexpr std::string_view prefix = "/v1/";

bool has_word(std::string_view list, std::string_view wanted)
{
    while (!list.empty()) {
        auto const end = std::min(list.find(' '), list.size());
        if (list.substr(0, end) == wanted)
            return true;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

words split(std::string_view text, char between)
{
    words parts;
    for (;;) {
        auto const end = text.find(between);
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

// %41 and + as in forms. Nothing when it is no such text.
std::optional<std::string> decoded(std::string_view text)
{
    std::string made;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            made += text[i] == '+' ? ' ' : text[i];
            continue;
        }
        if (i + 2 >= text.size())
            return std::nullopt;
        auto const high = hex_digit(text[i + 1]);
        auto const low = hex_digit(text[i + 2]);
        if (high < 0 || low < 0)
            return std::nullopt;
        made += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return made;
}

// Between the prefix and the question mark. Nothing when it is not well-formed, or elsewhere.
std::optional<words> read_path(std::string_view target)
{
    auto const path = target.substr(0, target.find('?'));
    if (path.substr(0, prefix.size()) != prefix)
        return std::nullopt;
    words parts;
    for (auto const& part : split(path.substr(prefix.size()), '/')) {
        auto text = decoded(part);
        if (!text)
            return std::nullopt;
        parts.push_back(std::move(*text));
    }
    return parts;
}

std::string_view query_of(std::string_view target)
{
    auto const question = target.find('?');
    return question == std::string_view::npos ? std::string_view{} : target.substr(question + 1);
}

// Does the path fit? Then `subject` is what stands where the form has `*`.
bool fits(form const& one, words const& path, std::string& subject)
{
    auto const pattern = split(one.path, '/');
    if (pattern.size() != path.size())
        return false;
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (pattern[i] == "*")
            subject = path[i];
        else if (pattern[i] != path[i])
            return false;
    }
    return true;
}

refusal bad_request(std::string message)
{
    return {400, "bad_request", std::move(message)};
}

refusal nothing_there()
{
    return {404, "unknown_path", "there is nothing at this path"};
}

std::optional<refusal> read_query(std::string_view query, form const& one, command& into)
{
    for (auto const& part : split(query, '&')) {
        if (part.empty())
            continue;
        auto const equals = part.find('=');
        auto const name = decoded(std::string_view{part}.substr(0, equals));
        auto const value = equals == std::string::npos
                               ? std::optional<std::string>{std::string{}}
                               : decoded(std::string_view{part}.substr(equals + 1));
        if (!name || !value)
            return bad_request("the parameters are not well-formed");
        if (!has_word(one.parameters, *name))
            return bad_request("there is no parameter \"" + *name + "\" here");
        if (!into.parameters.emplace(*name, *value).second)
            return bad_request("the parameter \"" + *name + "\" stands twice");
    }
    return std::nullopt;
}

std::optional<refusal> read_body(request const& from, form const& one, command& into)
{
    if (one.members == "text") {
        into.text = from.body;
        return std::nullopt;
    }
    if (from.body.empty())
        return std::nullopt;
    boost::json::error_code failure;
    auto const document = boost::json::parse(from.body, failure);
    if (failure || !document.is_object())
        return bad_request("the body must be one JSON object");
    for (auto const& member : document.get_object()) {
        std::string const name{member.key()};
        if (!has_word(one.members, name))
            return bad_request("there is no member \"" + name + "\" here");
        // What is no text would count as left out: "revoke this key" must not become "all keys".
        bool const is_object = name == "key";
        if (is_object ? !member.value().is_object() : !member.value().is_string())
            return bad_request('"' + name + "\" must be " + (is_object ? "an object" : "text"));
    }
    into.body = document.get_object();
    return std::nullopt;
}

std::optional<refusal> check_limit(command const& made)
{
    auto const found = made.parameters.find("limit");
    if (found == made.parameters.end())
        return std::nullopt;
    auto const& text = found->second;
    std::size_t value = 0;
    auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    bool const good = failure == std::errc{} && end == text.data() + text.size() && value >= 1 &&
                      value <= most_rows;
    if (good)
        return std::nullopt;
    return bad_request("\"limit\" must be a whole number from 1 to " + std::to_string(most_rows));
}

}  // namespace

std::string_view name_of(verb what) noexcept
{
    auto const found =
        std::find_if(forms.begin(), forms.end(), [&](form const& one) { return one.what == what; });
    return found == forms.end() ? std::string_view{} : found->name;
}

std::optional<std::string> command::find(std::string_view name) const
{
    if (auto const found = parameters.find(std::string{name}); found != parameters.end())
        return found->second;
    auto const* member = body.if_contains(name);
    if (member == nullptr || !member->is_string())
        return std::nullopt;
    return std::string{member->get_string()};
}

std::size_t command::limit(std::size_t usual) const
{
    auto const found = parameters.find("limit");
    if (found == parameters.end())
        return usual;
    std::size_t value = usual;
    std::from_chars(found->second.data(), found->second.data() + found->second.size(), value);
    return value;
}

namespace {

struct found_command {
    form const* described = nullptr;
    command made;
};

refusal bad_method(std::string allowed)
{
    return {405, "bad_method", "another method is needed for this path", std::move(allowed)};
}

// By everything but the body.
std::variant<found_command, refusal> find_command(request const& from)
{
    std::string_view const target{from.target};
    if (target.substr(0, prefix.size()) != prefix)
        return nothing_there();
    auto const path = read_path(target);
    if (!path)
        return bad_request("the path is not well-formed");
    std::string allowed;
    for (auto const& one : forms) {
        command made;
        made.what = one.what;
        if (!fits(one, *path, made.subject))
            continue;
        allowed.append(allowed.empty() ? "" : ", ").append(one.method);
        if (one.method != from.method)
            continue;
        if (changes_something(one.what) && from.socket == socket_kind::read_only)
            return refusal{403, "read_only", "this socket serves reading commands only"};
        if (auto wrong = read_query(query_of(target), one, made))
            return *wrong;
        if (auto wrong = check_limit(made))
            return *wrong;
        return found_command{&one, std::move(made)};
    }
    if (!allowed.empty())
        return bad_method(std::move(allowed));
    return nothing_there();
}

std::size_t limit_of(form const& one) noexcept
{
    return one.members == "text" ? largest_import : largest_document;
}

std::optional<refusal> judge_body(request const& from, form const& one)
{
    if (from.body_is == body_state::busy)
        return refusal{503, "busy", "too many large requests at once; try again"};
    if (from.body_is == body_state::too_long || from.body.size() > limit_of(one))
        return refusal{
            413,
            "too_large",
            "the body may have at most " + std::to_string(limit_of(one)) + " bytes here"};
    return std::nullopt;
}

}  // namespace

std::optional<asked_command> recognise(std::string_view method, std::string_view target)
{
    auto const path = read_path(target);
    if (!path)
        return std::nullopt;
    for (auto const& one : forms) {
        asked_command made{one.what, {}};
        if (one.method == method && fits(one, *path, made.subject))
            return made;
    }
    return std::nullopt;
}

std::size_t body_limit(request const& from)
{
    auto const found = find_command(from);
    auto const* one = std::get_if<found_command>(&found);
    return one == nullptr ? 0 : limit_of(*one->described);
}

std::variant<command, refusal> parse(request const& from)
{
    auto found = find_command(from);
    if (auto const* wrong = std::get_if<refusal>(&found))
        return *wrong;
    auto& [described, made] = std::get<found_command>(found);
    if (auto wrong = judge_body(from, *described))
        return *wrong;
    if (auto wrong = read_body(from, *described, made))
        return *wrong;
    return std::move(made);
}

}  // namespace gatehouse::admin
