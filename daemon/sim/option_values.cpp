#include "option_values.h"

#include "config/values.h"

#include <charconv>
#include <optional>
#include <string>

namespace gatehouse::sim {

namespace {

constexpr double highest_rate = 1e9;

[[noreturn]] void refuse(std::string_view name, std::string const& right)
{
    throw usage_error{std::string{name} + " must be " + right};
}

std::optional<double> parse_decimal(std::string_view text)
{
    double value = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::uint64_t checked(std::string_view name, std::uint64_t value, number_range range)
{
    if (value < range.least || value > range.most)
        refuse(name, std::to_string(range.least) + " to " + std::to_string(range.most));
    return value;
}

}  // namespace

duration read_duration(arguments const& given, std::string_view name, duration otherwise)
{
    auto const text = given.text(name);
    if (!text)
        return otherwise;
    if (*text == "0")
        return duration::zero();
    auto const value = config::parse_duration(*text);
    if (!value)
        refuse(name, "a duration such as 500ms, 10s or 5m");
    return *value;
}

std::uint64_t read_number(
    arguments const& given, std::string_view name, std::uint64_t otherwise, number_range range
)
{
    auto const text = given.text(name);
    if (!text)
        return otherwise;
    auto const value = config::parse_number(*text);
    if (!value)
        refuse(name, "a number");
    return checked(name, *value, range);
}

std::size_t read_size(
    arguments const& given, std::string_view name, std::size_t otherwise, number_range range
)
{
    auto const text = given.text(name);
    if (!text)
        return otherwise;
    auto value = config::parse_number(*text);
    if (!value)
        value = config::parse_size(*text);
    if (!value)
        refuse(name, "a size such as 128 or 1KiB");
    return checked(name, *value, range);
}

double read_share(arguments const& given, std::string_view name)
{
    auto text = given.text(name);
    if (!text)
        return 0;
    if (text->ends_with('%'))
        text->remove_suffix(1);
    auto const value = parse_decimal(*text);
    if (!value || !(*value >= 0 && *value <= 100))
        refuse(name, "a percentage such as 5 or 0.5");
    return *value / 100;
}

double read_rate(arguments const& given, std::string_view name, double otherwise)
{
    auto text = given.text(name);
    if (!text)
        return otherwise;
    if (text->ends_with("/s"))
        text->remove_suffix(2);
    auto const value = parse_decimal(*text);
    if (!value || !(*value >= 0 && *value <= highest_rate))
        refuse(name, "a rate such as 100/s or 0.5/s");
    return *value;
}

}  // namespace gatehouse::sim
