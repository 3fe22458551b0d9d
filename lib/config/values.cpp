#include "config/values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <limits>
#include <string>

#include <arpa/inet.h>

namespace gatehouse::config {

namespace {

struct unit {
    std::string_view name;
    std::uint64_t factor;
};

constexpr std::array<unit, 5> time_units{{
    {"ms", 1},
    {"s", 1'000},
    {"m", 60'000},
    {"h", 3'600'000},
    {"d", 86'400'000},
}};

constexpr std::array<unit, 4> size_units{{
    {"B", 1},
    {"KiB", std::uint64_t{1} << 10},
    {"MiB", std::uint64_t{1} << 20},
    {"GiB", std::uint64_t{1} << 30},
}};

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

template <class Units>
std::optional<std::uint64_t> parse_quantity(std::string_view text, Units const& units) noexcept
{
    auto const* const digits_end = std::find_if_not(text.begin(), text.end(), is_digit);
    auto const digits = static_cast<std::size_t>(digits_end - text.begin());
    auto const number = parse_number(text.substr(0, digits));
    auto const found = std::find_if(units.begin(), units.end(), [&](unit const& u) {
        return u.name == text.substr(digits);
    });
    if (!number || found == units.end())
        return std::nullopt;
    if (*number > std::numeric_limits<std::uint64_t>::max() / found->factor)
        return std::nullopt;
    return *number * found->factor;
}

std::optional<std::string> canonical(int family, std::string const& ip)
{
    std::array<unsigned char, sizeof(in6_addr)> raw{};
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (::inet_pton(family, ip.c_str(), raw.data()) != 1)
        return std::nullopt;
    if (::inet_ntop(family, raw.data(), text.data(), text.size()) == nullptr)
        return std::nullopt;
    return text.data();
}

// Of a machine or of a network interface; what consists of digits and dots is a broken address.
bool is_host_name(std::string_view text) noexcept
{
    constexpr std::size_t longest = 253;
    auto const is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    return text.size() <= longest && std::any_of(text.begin(), text.end(), is_letter) &&
           std::all_of(text.begin(), text.end(), [&](char c) {
               return is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
           });
}

// Cuts fixed-width parts off the front of a time; after a part that does not fit, all fail.
class time_scanner {
public:
    explicit time_scanner(std::string_view text) noexcept : rest_{text} {}

    unsigned number(std::size_t width) noexcept
    {
        unsigned value = 0;
        for (std::size_t i = 0; i < width; ++i) {
            if (rest_.empty() || !is_digit(rest_.front()))
                return fail();
            value = value * 10 + static_cast<unsigned>(rest_.front() - '0');
            rest_.remove_prefix(1);
        }
        return value;
    }
    char one_of(std::string_view allowed) noexcept
    {
        if (rest_.empty() || allowed.find(rest_.front()) == std::string_view::npos) {
            fail();
            return '\0';
        }
        auto const c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }
    void skip_fraction() noexcept
    {
        if (!rest_.starts_with('.'))
            return;
        rest_.remove_prefix(1);
        number(1);
        while (!rest_.empty() && is_digit(rest_.front()))
            rest_.remove_prefix(1);
    }
    bool done() const noexcept { return !failed_ && rest_.empty(); }

private:
    unsigned fail() noexcept
    {
        failed_ = true;
        rest_ = {};
        return 0;
    }

    std::string_view rest_;
    bool failed_ = false;
};

}  // namespace

std::optional<std::uint64_t> parse_number(std::string_view text) noexcept
{
    if (text.empty() || (text.size() > 1 && text.front() == '0'))
        return std::nullopt;
    std::uint64_t value = 0;
    auto const* const end = text.data() + text.size();
    auto const [stop, code] = std::from_chars(text.data(), end, value);
    if (code != std::errc{} || stop != end)
        return std::nullopt;
    return value;
}

std::optional<milliseconds> parse_duration(std::string_view text) noexcept
{
    auto const value = parse_quantity(text, time_units);
    if (!value || *value == 0 || *value > static_cast<std::uint64_t>(longest_duration.count()))
        return std::nullopt;
    return milliseconds{*value};
}

std::optional<std::uint64_t> parse_size(std::string_view text) noexcept
{
    return parse_quantity(text, size_units);
}

std::optional<endpoint> parse_endpoint(std::string_view text)
{
    auto const colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    auto const port = parse_number(text.substr(colon + 1));
    if (!port || *port > std::numeric_limits<std::uint16_t>::max())
        return std::nullopt;
    std::string host{text.substr(0, colon)};
    if (host.find('\0') != std::string::npos)
        return std::nullopt;
    bool const in_brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
    auto ip = in_brackets ? canonical(AF_INET6, host.substr(1, host.size() - 2))
                          : canonical(AF_INET, host);
    auto const number = static_cast<std::uint16_t>(*port);
    if (ip)
        return endpoint{std::move(*ip), number};
    if (!is_host_name(host))
        return std::nullopt;
    return endpoint{{}, number, std::move(host)};
}

std::optional<wall_time> parse_time(std::string_view text) noexcept
{
    namespace chrono = std::chrono;
    time_scanner scan{text};
    auto const year = scan.number(4);
    scan.one_of("-");
    auto const month = scan.number(2);
    scan.one_of("-");
    auto const day = scan.number(2);
    scan.one_of("Tt");
    auto const hour = scan.number(2);
    scan.one_of(":");
    auto const minute = scan.number(2);
    scan.one_of(":");
    auto const second = scan.number(2);
    scan.skip_fraction();
    auto const zone = scan.one_of("Zz+-");
    bool const has_offset = zone == '+' || zone == '-';
    auto const offset_hour = has_offset ? scan.number(2) : 0;
    if (has_offset)
        scan.one_of(":");
    auto const offset_minute = has_offset ? scan.number(2) : 0;

    chrono::year_month_day const date{
        chrono::year{static_cast<int>(year)}, chrono::month{month}, chrono::day{day}};
    if (!scan.done() || !date.ok() || hour > 23 || minute > 59 || second > 59 || offset_hour > 23 ||
        offset_minute > 59)
        return std::nullopt;
    auto const local = chrono::sys_days{date} + chrono::hours{hour} + chrono::minutes{minute} +
                       chrono::seconds{second};
    auto const offset = chrono::hours{offset_hour} + chrono::minutes{offset_minute};
    return zone == '-' ? local + offset : local - offset;
}

bool is_label(std::string_view text) noexcept
{
    static constexpr std::size_t longest = 64;
    return !text.empty() && text.size() <= longest &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace gatehouse::config
