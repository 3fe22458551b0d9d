#include "config/secret_text.h"

#include "base/environment.h"
#include "base/hex.h"
#include "config/complaints.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gatehouse::config {

namespace {

constexpr std::string_view file_prefix = "file:";
constexpr std::string_view credential_prefix = "credential:";
constexpr std::array<std::string_view, 5> prefixes{
    "hex:", "base64:", "text:", file_prefix, credential_prefix};

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

secret_or_why no_secret_files::file(std::string_view, key_length)
{
    return "secrets of the form \"file:\" are not followed here";
}

secret_or_why no_secret_files::credential(std::string_view, key_length)
{
    return "secrets of the form \"credential:\" are not followed here";
}

secret_files_on_disk::secret_files_on_disk(std::string beside_file, file_access access)
    : beside_file_{std::move(beside_file)}
    , access_{access}
{
}

secret_or_why secret_files_on_disk::file(std::string_view path, key_length wanted)
{
    if (path.empty() || path.find('\0') != std::string_view::npos)
        return "behind \"file:\" the path of a file must stand";
    return read(
        {beside(beside_file_, path), largest_key_file, access_},
        wanted,
        "the secret's file " + shown(path)
    );
}

secret_or_why secret_files_on_disk::credential(std::string_view name, key_length wanted)
{
    bool const is_name = !name.empty() && name != "." && name != ".." &&
                         name.find('/') == std::string_view::npos &&
                         name.find('\0') == std::string_view::npos;
    if (!is_name)
        return "behind \"credential:\" a name without a slash must stand";
    auto const folder = environment("CREDENTIALS_DIRECTORY");
    if (folder.empty())
        return "the environment has no CREDENTIALS_DIRECTORY to take the credential " +
               shown(name) + " from; systemd sets it for LoadCredential=";
    return read(
        {std::string{folder} + '/' + std::string{name},
         largest_key_file,
         file_access::service_credential},
        wanted,
        "the credential " + shown(name)
    );
}

secret_or_why secret_files_on_disk::read(
    file_request const& request, key_length wanted, std::string const& what
)
{
    wiped_text text;
    paths_.push_back(request.path);
    if (auto const why = read_file(request, text))
        return what + ' ' + *why;
    auto read = read_key_file(text.view(), wanted);
    if (auto const* const why = std::get_if<std::string>(&read))
        return what + ' ' + *why;
    auto& key = std::get<key_from_file>(read);
    taken_.push_back({request.path, key.form, key.value.size()});
    return std::move(key.value);
}

secret_or_why parse_secret(std::string_view text, secret_files& files, key_length wanted)
{
    if (auto written = read_written_secret(text))
        return std::move(*written);
    if (text.starts_with(file_prefix))
        return files.file(text.substr(file_prefix.size()), wanted);
    if (text.starts_with(credential_prefix))
        return files.credential(text.substr(credential_prefix.size()), wanted);
    return "a secret must begin with hex:, base64:, text:, file: or credential:";
}

bool looks_like_secret(std::string_view text) noexcept
{
    return std::any_of(prefixes.begin(), prefixes.end(), [&](auto const& p) {
        return text.starts_with(p);
    });
}

}  // namespace gatehouse::config
