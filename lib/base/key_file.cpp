#include "base/key_file.h"

#include "base/base64.h"
#include "base/hex.h"
#include "base/utf8.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse {

namespace {

constexpr std::array<std::pair<std::string_view, key_file_form>, 3> prefixes{{
    {"hex:", key_file_form::hex},
    {"base64:", key_file_form::base64},
    {"text:", key_file_form::text},
}};

// Fewer digits than these may be a text of somebody's own.
constexpr std::size_t fewest_bare_digits = 32;
// 32 bytes in base64, with padding.
constexpr std::size_t fewest_bare_groups = 44;

std::pair<std::string_view, key_file_form> const* find_prefix(std::string_view text) noexcept
{
    auto const* const found = std::find_if(prefixes.begin(), prefixes.end(), [&](auto const& p) {
        return text.starts_with(p.first);
    });
    return found == prefixes.end() ? nullptr : found;
}

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

bool is_hex(std::string_view text) noexcept
{
    return text.size() >= fewest_bare_digits && text.size() % 2 == 0 &&
           std::all_of(text.begin(), text.end(), [](char c) { return hex_digit(c) >= 0; });
}

bool is_base64(std::string_view text)
{
    std::vector<std::uint8_t> decoded(text.size() / 4 * 3);
    bool const is = text.size() >= fewest_bare_groups && text.ends_with('=') &&
                    from_base64(text, decoded).has_value();
    wipe(decoded);
    return is;
}

// The content of a file that a person can read.
struct lines {
    std::string_view first;  // without its end
    bool are_ended = false;  // there is a line feed
    bool are_several = false;
};

// Nothing when it is no text, which a key of random bytes is not.
std::optional<lines> as_lines(std::string_view content) noexcept
{
    auto const is_control = [](char c) {
        auto const value = static_cast<unsigned char>(c);
        return (value < 0x20 && c != '\t' && c != '\n' && c != '\r') || value == 0x7f;
    };
    if (!is_utf8(as_bytes(content)) || std::any_of(content.begin(), content.end(), is_control))
        return std::nullopt;
    auto const end = content.find('\n');
    lines made{content.substr(0, end), end != std::string_view::npos, false};
    made.are_several = made.are_ended && end + 1 != content.size();
    if (made.first.ends_with('\r'))
        made.first.remove_suffix(1);
    return made;
}

std::string wants(key_length wanted)
{
    return std::to_string(wanted.exact) + " raw bytes are wanted";
}

std::string pem_problem(std::string_view content, key_length wanted)
{
    std::string text =
        "is PEM, which is not read; " +
        (wanted.exact != 0 ? "write the " + std::to_string(wanted.exact) + " raw bytes of the key"
                           : "write the raw bytes of the key");
    if (content.find("BEGIN PRIVATE KEY") != std::string_view::npos)
        text += ": openssl pkey -in FILE -outform DER | tail -c 32 > NEW";
    else if (content.find("BEGIN PUBLIC KEY") != std::string_view::npos)
        text += ": openssl pkey -pubin -in FILE -outform DER | tail -c 32 > NEW";
    return text;
}

// A text without a prefix that cannot be meant as the key itself.
std::optional<std::string> forgotten_prefix(
    std::string_view content, lines const& text, key_length wanted
)
{
    bool const fits = content.size() == wanted.exact;
    if (content.starts_with("-----BEGIN"))
        return pem_problem(content, wanted);
    if (content.starts_with("\xef\xbb\xbf"))
        return "begins with a byte order mark; save it without one";
    if (content.starts_with("file:") || content.starts_with("credential:"))
        return "names another file; a key file holds the key itself";
    if (text.are_several)
        return "holds several lines of text; a key file holds raw bytes, or one line that begins "
               "with hex:, base64: or text:";
    if (is_hex(text.first) && !fits)
        return "holds " + std::to_string(text.first.size()) +
               " hexadecimal digits without a prefix; write hex: in front of them" +
               (wanted.exact == 0 ? ", or text: if the digits themselves are the key" : "");
    if (is_base64(text.first) && !fits)
        return "holds base64 without a prefix; write base64: in front of it" +
               std::string{
                   wanted.exact == 0 ? ", or text: if the characters themselves are the key" : ""};
    if (!text.are_ended)
        return std::nullopt;
    return "holds a line of text without a prefix; write " +
           std::string{
               wanted.exact == 0 ? "text: in front of it if its characters are the key, or "
                                   "hex: or base64: if it is the key written so"
                                 : "hex: or base64: in front of it"} +
           (wanted.exact == 0 ? "" : "; " + wants(wanted));
}

std::variant<key_from_file, std::string> from_line(
    std::string_view line, key_file_form form, key_length wanted
)
{
    if (form == key_file_form::text && wanted.exact != 0)
        return "holds text:, but a key of " + std::to_string(wanted.exact) +
               " bytes is no text; write hex: or base64:";
    auto read = read_written_secret(line);
    if (auto const* const why = std::get_if<std::string>(&*read))
        return "does not hold what its prefix says: " + *why;
    auto& value = std::get<secret_bytes>(*read);
    if (wanted.exact != 0 && value.size() != wanted.exact)
        return "holds " + describe(form, value.size()) + "; " + wants(wanted);
    return key_from_file{std::move(value), form};
}

// Whether it is a key is for the cryptographic library to say.
std::variant<key_from_file, std::string> from_pem(std::string_view content)
{
    if (!content.starts_with("-----BEGIN "))
        return "is not PEM; it begins with -----BEGIN PRIVATE KEY-----";
    if (content.size() > largest_secret)
        return "is longer than " + std::to_string(largest_secret) + " bytes";
    return key_from_file{secret_bytes{as_bytes(content)}, key_file_form::pem};
}

std::string length_problem(std::string_view content, key_length wanted)
{
    auto text = "holds " + std::to_string(content.size()) + " bytes; " + wants(wanted) +
                ", or one line that begins with hex: or base64:";
    if (content.size() == wanted.exact + 1 && content.ends_with('\n'))
        text += "; the last byte is a line feed: take it away";
    else if (content.starts_with('\x30'))
        text += "; if this is DER, the key is its end: tail -c 32 FILE > NEW";
    return text;
}

}  // namespace

std::optional<secret_or_why> read_written_secret(std::string_view text)
{
    auto const* const prefix = find_prefix(text);
    if (prefix == nullptr)
        return std::nullopt;
    auto const rest = text.substr(prefix->first.size());
    switch (prefix->second) {
    case key_file_form::hex:
        return from_hex_digits(rest);
    case key_file_form::base64:
        return from_base64_groups(rest);
    default:
        return checked(as_bytes(rest));
    }
}

std::variant<key_from_file, std::string> read_key_file(std::string_view content, key_length wanted)
{
    if (content.empty())
        return "is empty: nobody has written the key into it (gatehousectl keygen --out makes a "
               "key file)";
    if (wanted.is_pem)
        return from_pem(content);
    auto const text = as_lines(content);
    if (text) {
        auto const* const prefix = find_prefix(content);
        if (prefix != nullptr && !text->are_several)
            return from_line(text->first, prefix->second, wanted);
        if (auto why = forgotten_prefix(content, *text, wanted))
            return std::move(*why);
    }
    if (wanted.exact != 0 && content.size() != wanted.exact)
        return length_problem(content, wanted);
    if (content.size() > largest_secret)
        return "is longer than " + std::to_string(largest_secret) + " bytes";
    // NOLINTNEXTLINE(clang-analyzer-cplusplus.NewDeleteLeaks): the result owns it
    return key_from_file{
        secret_bytes{as_bytes(content)},
        text ? key_file_form::raw_printable : key_file_form::raw,
    };
}

std::string describe(key_file_form form, std::size_t size)
{
    auto count = std::to_string(size) + (size == 1 ? " byte" : " bytes");
    switch (form) {
    case key_file_form::raw:
        return std::to_string(size) + " raw " + (size == 1 ? "byte" : "bytes");
    case key_file_form::raw_printable:
        return std::to_string(size) + " raw " + (size == 1 ? "byte" : "bytes") +
               ", all of them characters";
    case key_file_form::hex:
        return count + " written behind hex:";
    case key_file_form::base64:
        return count + " written behind base64:";
    case key_file_form::text:
        return count + " written behind text:";
    case key_file_form::pem:
        return count + " of PEM";
    }
    return count;
}

}  // namespace gatehouse
