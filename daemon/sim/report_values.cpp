#include "report_values.h"

#include <array>
#include <chrono>
#include <cstdio>

namespace gatehouse::sim {

namespace {

struct share {
    std::string_view name;
    double of_all;
};

constexpr std::array<share, 3> shares{{{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}}};

std::string milliseconds(latencies::microseconds time)
{
    return number(static_cast<double>(time.count()) / 1000, 3) + " ms";
}

}  // namespace

double seconds(duration time)
{
    return std::chrono::duration<double>{time}.count();
}

double per_second(std::uint64_t count, duration time)
{
    return time > duration::zero() ? static_cast<double>(count) / seconds(time) : 0;
}

std::string number(double value, int digits)
{
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    return text.data();
}

std::string row(std::string_view name, std::string const& value)
{
    std::string line{name};
    line.resize(20, ' ');
    return line + value + '\n';
}

std::string times_text(latencies const& times)
{
    if (times.count() == 0)
        return "none measured";
    std::string text;
    for (auto const& each : shares)
        text += std::string{each.name} + ' ' + milliseconds(times.quantile(each.of_all)) + "   ";
    return text + "max " + milliseconds(times.longest());
}

std::string times_json(latencies const& times)
{
    std::string text = "{\"count\":" + std::to_string(times.count());
    for (auto const& each : shares)
        text += ",\"" + std::string{each.name} +
                "\":" + std::to_string(times.quantile(each.of_all).count());
    return text + ",\"max\":" + std::to_string(times.longest().count()) + '}';
}

}  // namespace gatehouse::sim
