#include "modules/array_crypto_reader.h"

#include "config/fields.h"
#include "config/key_fields.h"
#include "identity/psk_device.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gatehouse::config {

namespace {

using array_crypto::device;
using array_crypto::profile;
using identity::device_id;

// What records and the log call the key of each device.
constexpr std::string_view key_name = "secret";
// The defaults of the published server and client, as its bytes and as its settings have them.
constexpr std::array<std::string_view, 2> known_to_everybody{
    "super_secret_key_for_hmac", "c3VwZXJfc2VjcmV0X2tleV9mb3JfaG1hYw=="};
constexpr std::size_t longest_prefix = 200;
constexpr std::size_t shortest_password = 8;
constexpr std::size_t longest_password = 128;

bool may_stand_in_prefix(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~' || c == '/';
}

// "/dev/sensor-1": what no proxy and no client writes in another way.
bool is_prefix(std::string_view text)
{
    auto const has = [&](std::string_view part) {
        return (std::string{text} + '/').find(part) != std::string::npos;
    };
    return text.starts_with('/') && !text.ends_with('/') && text.size() <= longest_prefix &&
           std::all_of(text.begin(), text.end(), may_stand_in_prefix) && !has("//") &&
           !has("/./") && !has("/../");
}

}  // namespace

void array_crypto_reader::read(yaml_node devices)
{
    for (auto const& entry : entries_of(devices, "\"devices\"", with_.report))
        read_entry(entry);
}

void array_crypto_reader::read_entry(yaml_entry const& entry)
{
    if (!is_fit_name(entry.key))
        return;
    auto const name = std::string{entry.key.text()};
    // The second of two is read as well: it may have problems of its own.
    bool const is_new = note_line(names_, entry.key, with_.report);
    device made;
    identity::psk_device listed;
    yaml_map map{entry.value, "device " + name, with_.report};
    read_device(map, made, listed);
    map.finish();
    if (!is_new || with_.report.any())
        return;
    made.name = device_id::from_name(name);
    made.credential = with_.names.intern(key_name);
    if (made.secret.size() != 0)
        listed.keys.push_back({made.credential, made.window, value_of(made), false});
    entries_.add(made.name, listed);
    if (made.secret.size() != 0)
        devices_.push_back(std::move(made));
}

bool array_crypto_reader::is_fit_name(yaml_node key)
{
    auto const name = key.text();
    bool const is_fit = device_id::is_name(name) && !device_id::parse_mac(name) &&
                        !looks_like_secret(name) && name != "*" && name != "anonymous" &&
                        name.find(':') == std::string_view::npos;
    if (!is_fit)
        with_.report.at(
            key.where(),
            "a device of array-crypto is listed by a name such as \"sensor-1\": 1 to " +
                std::to_string(identity::longest_device_name) +
                " printable ASCII characters without spaces, quotes, colons, backslash or slash"
        );
    return is_fit;
}

void array_crypto_reader::read_device(yaml_map& map, device& made, identity::psk_device& entry)
{
    read_device_name(map, entry);
    read_device_state(map, entry);
    bool const shut_out = entry.state != identity::device_state::enabled;
    if (entry.state == identity::device_state::revoked)
        made.mark = identity::key_mark::revoked;
    else if (shut_out)
        made.mark = identity::key_mark::disabled;
    read_profile(map, made, shut_out);
    read_secret(map, made, shut_out);
    read_key_window(map, made.window);
    read_password(map, made);
    read_prefix(map, made);
    with_.foreign.refuse_in_device(map);
}

// Who is shut out needs neither a profile nor a secret.
void array_crypto_reader::read_profile(yaml_map& map, device& made, bool shut_out)
{
    static constexpr std::array<choice<profile>, 2> profiles{{
        {name_of(profile::v1), profile::v1},
        {name_of(profile::v2), profile::v2},
    }};
    if (!shut_out)
        map.require("profile");
    read_choice(map, "profile", profiles, made.speaks);
}

void array_crypto_reader::read_secret(yaml_map& map, device& made, bool shut_out)
{
    if (shut_out && !map.find("secret"))
        return;
    auto value = read_key_secret(map, "secret", with_.files, any_length);
    if (!value)
        return;
    auto const where = map.find("secret")->where();
    auto const text = as_text(value->expose());
    auto const& known = known_to_everybody;
    if (std::find(known.begin(), known.end(), text) != known.end()) {
        with_.report.at(
            where,
            "this is the secret that the published server and client begin with, which everybody "
            "knows; make one with \"openssl rand -hex 32\", and give it to the device as well"
        );
        return;
    }
    if (value->size() < identity::shortest_psk) {
        with_.report.at(
            where,
            "a secret of " + std::to_string(value->size()) + " bytes; " +
                std::to_string(identity::shortest_psk) + " or more are needed"
        );
        return;
    }
    auto const mark = fingerprint(value->expose());
    if (!is_first(secrets_, mark, where))
        with_.report.at(
            where,
            "this secret stands in line " + std::to_string(secrets_.at(mark)) +
                " already; each device has its own"
        );
    made.secret = std::move(*value);
}

void array_crypto_reader::read_password(yaml_map& map, device& made)
{
    auto const node = map.find("password");
    if (!node)
        return;
    auto value = read_key_secret(map, "password", with_.files, any_length);
    if (!value)
        return;
    if (value->size() < shortest_password || value->size() > longest_password)
        with_.report.at(
            node->where(),
            "a password of HTTP Basic must have " + std::to_string(shortest_password) + " to " +
                std::to_string(longest_password) + " bytes"
        );
    made.password = std::move(*value);
}

// One device under a prefix may do without a password.
void array_crypto_reader::read_prefix(yaml_map& map, device& made)
{
    auto const node = map.find("prefix");
    std::string text = "/";
    if (node && !read_text(map, "prefix", text))
        return;
    if (text != "/" && !is_prefix(text)) {
        with_.report.at(
            node->where(),
            "\"prefix\" must be a path such as \"/dev/sensor-1\": letters, digits, and any of "
            "-._~ between single slashes, none at its end"
        );
        return;
    }
    made.prefix = text == "/" ? std::string{} : text;
    auto const where = position_of(map, "prefix");
    if (made.password.size() == 0 && !is_first(prefixes_, made.prefix, where))
        with_.report.at(
            where,
            "the device of line " + std::to_string(prefixes_.at(made.prefix)) + " has the prefix " +
                in_quotes(text) +
                " and no password either; give one of them another prefix, or a password"
        );
}

bool array_crypto_reader::is_first(
    std::map<std::string, int>& lines, std::string const& what, position where
)
{
    return lines.emplace(what, where.line).second;
}

// What tells equal secrets without holding them.
std::string array_crypto_reader::fingerprint(bytes secret)
{
    auto const tag = hmac_.compute(secret, {as_bytes("one secret, one device")});
    return {tag.begin(), tag.end()};
}

// A session ends when anything changes that its device is known by.
secret_bytes array_crypto_reader::value_of(device const& of)
{
    auto const tag = hmac_.compute(
        of.secret.expose(),
        {as_bytes(name_of(of.speaks)), as_bytes(of.prefix), as_bytes(":"), of.password.expose()}
    );
    return secret_bytes{tag};
}

void array_crypto_reader::give(identity::keyring::parts& into)
{
    into.kind = identity::key_kind::secret;
    into.devices = std::move(entries_);
    into.extras = std::make_shared<array_crypto::device_list const>(std::move(devices_));
}

}  // namespace gatehouse::config
