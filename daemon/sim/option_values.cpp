#include "option_values.h"

#include "config/secret_text.h"
#include "config/values.h"

#include <algorithm>
#include <charconv>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <variant>

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

struct written_key {
    std::string_view option;
    std::string_view text;
    key_length wanted;
    config::file_access access = config::file_access::private_file;
};

secret_bytes read_from(written_key const& from)
{
    config::secret_files_on_disk files{{}, from.access};
    auto found = config::parse_secret(from.text, files, from.wanted);
    if (auto const* why = std::get_if<std::string>(&found))
        throw usage_error{std::string{from.option} + ": " + *why};
    auto& made = std::get<secret_bytes>(found);
    if (from.wanted.exact != 0 && made.size() != from.wanted.exact)
        refuse(
            from.option,
            "a key of " + std::to_string(from.wanted.exact) + " bytes, not " +
                std::to_string(made.size())
        );
    for (auto const& note : files.take_notes())
        std::cerr << "gatehouse-sim: " << from.option << ": " << note.path << " holds "
                  << describe(note.form, note.size) << '\n';
    return std::move(made);
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

secret_bytes read_secret(arguments const& given, std::string_view name, key_length wanted)
{
    return read_from({name, given.required(name), wanted});
}

secret<length_of_32.exact> read_private_key(arguments const& given, std::string_view name)
{
    auto const raw = read_from({name, given.required(name), length_of_32});
    return secret<length_of_32.exact>::from(raw.expose().first<length_of_32.exact>());
}

std::array<std::uint8_t, length_of_32.exact> read_public_key(
    arguments const& given, std::string_view name
)
{
    auto const raw =
        read_from({name, given.required(name), length_of_32, config::file_access::any});
    std::array<std::uint8_t, length_of_32.exact> made{};
    std::copy(raw.expose().begin(), raw.expose().end(), made.begin());
    return made;
}

}  // namespace gatehouse::sim
