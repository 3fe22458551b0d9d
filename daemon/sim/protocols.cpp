#include "protocols.h"

#include "array_crypto_devices.h"
#include "pssst_devices.h"
#include "spp_devices.h"
#include "usmp_devices.h"

#include <algorithm>
#include <array>

namespace gatehouse::sim {

namespace {

constexpr std::size_t usage_width = 92;

constexpr std::array<device_protocol const*, 4> all{
    &usmp_devices,
    &spp_devices,
    &pssst_devices,
    &array_crypto_devices,
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

}  // namespace

std::unique_ptr<device::stream_device> device_kind::make_stream(std::uint32_t)
{
    return nullptr;
}

std::unique_ptr<device::datagram_device> device_kind::make_datagram(std::uint32_t)
{
    return nullptr;
}

std::span<device_protocol const* const> protocols() noexcept
{
    return all;
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

std::vector<option> protocol_options(device_protocol const& of, device_count count)
{
    std::vector<option> made{of.options.begin(), of.options.end()};
    auto const more = count == device_count::one ? of.one_options : of.many_options;
    made.insert(made.end(), more.begin(), more.end());
    return made;
}

device_protocol const& read_protocol(arguments const& given)
{
    auto const name = given.text("--protocol").value_or(all.front()->name);
    auto const found = std::find_if(all.begin(), all.end(), [name](auto const* each) {
        return each->name == name && each->speaks == exchange::sessions;
    });
    if (found == all.end())
        throw usage_error{
            "--protocol must be " + alternatives(names_of(exchange::sessions)) + "; " +
            alternatives(names_of(exchange::requests)) + " is spoken by gatehouse-sim request"};
    return **found;
}

void refuse_foreign(
    arguments const& given,
    device_protocol const& chosen,
    std::vector<option> (*of)(device_protocol const& which)
)
{
    auto const own = of(chosen);
    for (auto const* other : all)
        for (auto const& each : of(*other)) {
            if (!given.has(each.name) || has(own, each.name))
                continue;
            std::vector<std::string_view> names;
            for (auto const* owner : all)
                if (has(of(*owner), each.name))
                    names.push_back(owner->name);
            throw usage_error{std::string{each.name} + " is for --protocol " + alternatives(names)};
        }
}

std::string usage_lines(usage_form const& form)
{
    std::string text;
    for (auto const* each : all) {
        if (each->speaks != exchange::sessions)
            continue;
        std::string line{form.command};
        line += form.before;
        if (each != all.front())
            line += " --protocol " + std::string{each->name};
        line += each->*form.required;
        auto const behind = std::string{form.behind} + " [options]";
        text += line + (line.size() + behind.size() > usage_width ? "\n   " : "") + behind + '\n';
    }
    return text;
}

std::string describe_own(std::vector<option> (*of)(device_protocol const& which))
{
    std::string text;
    for (auto const* each : all)
        if (auto const own = of(*each); !own.empty())
            text += "  with --protocol " + std::string{each->name} + ":\n" + describe(own);
    return text;
}

}  // namespace gatehouse::sim
