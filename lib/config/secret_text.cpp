#include "config/secret_text.h"

#include "base/base64.h"
#include "base/hex.h"
#include "config/complaints.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>
#include <vector>

namespace gatehouse::config {

namespace {

enum class secret_form : std::uint8_t { hex, base64, text, file, credential };

constexpr std::array<std::pair<std::string_view, secret_form>, 5> prefixes{{
    {"hex:", secret_form::hex},
    {"base64:", secret_form::base64},
    {"text:", secret_form::text},
    {"file:", secret_form::file},
    {"credential:", secret_form::credential},
}};

void wipe(std::vector<std::uint8_t>& buffer) noexcept
{
    if (!buffer.empty())
        ::explicit_bzero(buffer.data(), buffer.size());
}

secret_or_why checked(bytes value)
{
    if (value.empty())
        return "the secret is empty";
    if (value.size() > largest_secret)
        return "the secret is longer than " + std::to_string(largest_secret) + " bytes";
    return secret_bytes{value};
}

secret_or_why from_hex_digits(std::string_view digits)
{
    auto decoded = from_hex(digits);
    if (!decoded)
        return "behind \"hex:\" an even number of hexadecimal digits must stand, and nothing else";
    auto made = checked(*decoded);
    wipe(*decoded);
    return made;
}

secret_or_why from_base64_groups(std::string_view groups)
{
    std::vector<std::uint8_t> decoded(groups.size() / 4 * 3);
    auto const size = from_base64(groups, decoded);
    auto made = size ? checked(bytes{decoded}.first(*size))
                     : secret_or_why{"behind \"base64:\" groups of four base64 characters must "
                                     "stand, padded with =, and nothing else"};
    wipe(decoded);
    return made;
}

// A name, unless it looks as if the secret itself stood behind the wrong prefix.
std::string shown(std::string_view name)
{
    auto const is_digit = [](char one) { return hex_digit(one) >= 0; };
    constexpr std::size_t shortest_secret = 32;  // digits
    bool const is_bare_secret =
        name.size() >= shortest_secret && std::all_of(name.begin(), name.end(), is_digit);
    return is_bare_secret ? "(not shown: it looks like a secret in hexadecimal digits; write hex: "
                            "in front of it)"
                          : in_quotes(name);
}

}  // namespace

secret_or_why no_secret_files::file(std::string_view)
{
    return "secrets of the form \"file:\" are not followed here";
}

secret_or_why no_secret_files::credential(std::string_view)
{
    return "secrets of the form \"credential:\" are not followed here";
}

secret_files_on_disk::secret_files_on_disk(std::string beside_file)
    : beside_file_{std::move(beside_file)}
{
}

secret_or_why secret_files_on_disk::file(std::string_view path)
{
    if (path.empty() || path.find('\0') != std::string_view::npos)
        return "behind \"file:\" the path of a file must stand";
    return read(
        beside(beside_file_, path), file_access::owner_only, "the secret's file " + shown(path)
    );
}

secret_or_why secret_files_on_disk::credential(std::string_view name)
{
    bool const is_name = !name.empty() && name != "." && name != ".." &&
                         name.find('/') == std::string_view::npos &&
                         name.find('\0') == std::string_view::npos;
    if (!is_name)
        return "behind \"credential:\" a name without a slash must stand";
    // NOLINTNEXTLINE(concurrency-mt-unsafe): this process never changes its environment
    auto const* const folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder == nullptr || *folder == '\0')
        return "the environment has no CREDENTIALS_DIRECTORY to take the credential " +
               shown(name) + " from; systemd sets it for LoadCredential=";
    return read(
        std::string{folder} + '/' + std::string{name},
        file_access::service_credential,
        "the credential " + shown(name)
    );
}

secret_or_why secret_files_on_disk::read(
    std::string path, file_access access, std::string const& what
)
{
    wiped_text text;
    paths_.push_back(std::move(path));
    if (auto const why = read_file({paths_.back(), largest_secret, access}, text))
        return what + ' ' + *why;
    if (text.view().empty())
        return what + " is empty";
    return secret_bytes{as_bytes(text.view())};
}

secret_or_why parse_secret(std::string_view text, secret_files& files)
{
    auto const* const prefix = std::find_if(prefixes.begin(), prefixes.end(), [&](auto const& p) {
        return text.starts_with(p.first);
    });
    if (prefix == prefixes.end())
        return "a secret must begin with hex:, base64:, text:, file: or credential:";
    auto const rest = text.substr(prefix->first.size());
    switch (prefix->second) {
    case secret_form::hex:
        return from_hex_digits(rest);
    case secret_form::base64:
        return from_base64_groups(rest);
    case secret_form::text:
        return checked(as_bytes(rest));
    case secret_form::file:
        return files.file(rest);
    case secret_form::credential:
        return files.credential(rest);
    }
    return "a secret of an unknown form";
}

bool looks_like_secret(std::string_view text) noexcept
{
    return std::any_of(prefixes.begin(), prefixes.end(), [&](auto const& p) {
        return text.starts_with(p.first);
    });
}

}  // namespace gatehouse::config
