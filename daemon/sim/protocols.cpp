#include "protocols.h"

#include <algorithm>
#include <array>

namespace gatehouse::sim {

namespace {

constexpr std::size_t usage_width = 92;

constexpr std::array<device_protocol const*, 5> all{
    &usmp_devices,
    &spp_devices,
    &pssst_devices,
    &array_crypto_devices,
    &upss_devices,
};

std::vector<std::string_view> names_of(exchange speaks)
{
    std::vector<std::string_view> made;
    for (auto const* each : all)
        if (each->speaks == speaks)
            made.push_back(each->name);
    return made;
}

// "a, b or c"
std::string alternatives(std::span<std::string_view const> names)
{
    std::string text;
    for (std::size_t at = 0; at < names.size(); ++at) {
        if (at > 0)
            text += at + 1 == names.size() ? " or " : ", ";
        text += names[at];
    }
    return text;
}

bool has(std::span<option const> table, std::string_view name)
{
    return std::any_of(table.begin(), table.end(), [name](option const& each) {
        return each.name == name;
    });
}

std::vector<option> options_of(device_protocol const& which, option_set set)
{
    if (set == option_set::credentials)
        return {which.credential_options.begin(), which.credential_options.end()};
    std::vector<option> made{which.options.begin(), which.options.end()};
    auto const more = set == option_set::one_device ? which.one_options : which.many_options;
    made.insert(made.end(), more.begin(), more.end());
    return made;
}

std::string owners(option const& of, option_set set)
{
    std::vector<std::string_view> names;
    for (auto const* each : all)
        if (has(options_of(*each, set), of.name))
            names.push_back(each->name);
    return alternatives(names);
}

}  // namespace

std::unique_ptr<device::stream_device> device_kind::make_stream(std::uint32_t)
{
    return nullptr;
}

std::unique_ptr<device::datagram_device> device_kind::make_datagram(std::uint32_t)
{
    return nullptr;
}

std::string const& session_protocol_names()
{
    static std::string const text = [] {
        auto names = names_of(exchange::sessions);
        auto const usual = std::string{names.front()} + " (default)";
        names.front() = usual;
        return alternatives(names);
    }();
    return text;
}

std::vector<option> with_protocols(std::vector<option> common, option_set which)
{
    for (auto const* each : all) {
        auto const own = options_of(*each, which);
        common.insert(common.end(), own.begin(), own.end());
    }
    return common;
}

std::string describe_with_protocols(std::vector<option> const& common, option_set which)
{
    auto text = describe(common);
    for (auto const* each : all)
        if (auto const own = options_of(*each, which); !own.empty())
            text += "  with --protocol " + std::string{each->name} + ":\n" + describe(own);
    return text;
}

device_protocol const& read_protocol(arguments const& given, option_set which)
{
    auto const name = given.text("--protocol").value_or(all.front()->name);
    auto const found = std::find_if(all.begin(), all.end(), [name](auto const* each) {
        return each->name == name && each->speaks == exchange::sessions;
    });
    if (found == all.end())
        throw usage_error{
            "--protocol must be " + alternatives(names_of(exchange::sessions)) + "; " +
            alternatives(names_of(exchange::requests)) + " is spoken by gatehouse-sim request"};
    if (which == option_set::credentials && (*found)->write_credentials == nullptr)
        throw usage_error{std::string{name} + " has no credential file"};
    auto const own = options_of(**found, which);
    for (auto const& each : with_protocols({}, which))
        if (given.has(each.name) && !has(own, each.name))
            throw usage_error{std::string{each.name} + " is for --protocol " + owners(each, which)};
    return **found;
}

std::string usage_lines(std::string_view before, std::string_view behind, option_set which)
{
    std::string text;
    for (auto const* each : all) {
        bool const is_for_file = which == option_set::credentials;
        if (each->speaks != exchange::sessions || (is_for_file && !each->write_credentials))
            continue;
        auto line = "gatehouse-sim " + std::string{before};
        if (each != all.front())
            line += " --protocol " + std::string{each->name};
        line += is_for_file ? each->credential_required : each->required;
        auto const rest = std::string{behind} + " [options]\n";
        text += line + (line.size() + rest.size() > usage_width ? "\n   " : "") + rest;
    }
    return text;
}

}  // namespace gatehouse::sim
