#include "time_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <ctime>

namespace gatehouse::ctl {

namespace {

std::string formatted(char const* form, double value)
{
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), form, value);
    return text.data();
}

std::string pair_text(std::uint64_t count, std::uint64_t small, std::string_view units)
{
    auto text = std::to_string(count / small) + units[0];
    if (count % small != 0)
        text += std::to_string(count % small) + units[1];
    return text;
}

}  // namespace

std::string age_text(double seconds)
{
    static constexpr double limit = 1e15;
    seconds = std::isfinite(seconds) ? std::clamp(seconds, 0.0, limit) : 0.0;
    auto const whole = static_cast<std::uint64_t>(seconds);
    if (whole < 60)
        return std::to_string(whole) + 's';
    auto const minutes = whole / 60;
    if (minutes < 60)
        return std::to_string(minutes) + 'm';
    if (minutes < 24 * 60)
        return pair_text(minutes, 60, "hm");
    auto const hours = minutes / 60;
    return hours < 100 * 24 ? pair_text(hours, 24, "dh") : std::to_string(hours / 24) + 'd';
}

std::optional<double> seconds_since(
    std::string_view written, std::chrono::system_clock::time_point now
)
{
    std::tm parts{};
    int end = 0;
    std::string const text{written};
    auto const found = std::sscanf(
        text.c_str(),
        "%4d-%2d-%2dT%2d:%2d:%2d%n",
        &parts.tm_year,
        &parts.tm_mon,
        &parts.tm_mday,
        &parts.tm_hour,
        &parts.tm_min,
        &parts.tm_sec,
        &end
    );
    if (found != 6 || !text.ends_with('Z'))
        return std::nullopt;
    parts.tm_year -= 1900;
    parts.tm_mon -= 1;
    auto const when = std::chrono::system_clock::from_time_t(::timegm(&parts));
    return std::chrono::duration<double>{now - when}.count();
}

std::string rate_text(double per_second)
{
    return formatted(per_second < 99.95 ? "%.1f" : "%.0f", per_second);
}

std::string time_text(std::chrono::system_clock::time_point when)
{
    auto const seconds = std::chrono::system_clock::to_time_t(when);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text.data();
}

std::string count_of(double count, std::string_view one)
{
    return formatted("%.0f ", count) + std::string{one} + (count == 1 ? "" : "s");
}

std::string size_text(double count)
{
    static constexpr std::array<char const*, 4> forms{
        "%.1f KiB", "%.1f MiB", "%.1f GiB", "%.1f TiB"};
    if (count < 1024)
        return formatted("%.0f B", count);
    std::size_t form = 0;
    for (count /= 1024; count >= 1024 && form + 1 < forms.size(); ++form)
        count /= 1024;
    return formatted(forms[form], count);
}

}  // namespace gatehouse::ctl
