#include "credentials_command.h"

#include "base/hex.h"
#include "device_options.h"
#include "fleet_keys.h"
#include "identity/device_id.h"
#include "option_values.h"
#include "source_address.h"

#include <array>
#include <cstdint>
#include <iostream>
#include <string_view>

namespace gatehouse::sim {

namespace {

constexpr std::array options{
    option{"--protocol", "NAME", "usmp (default) or spp"},
    option{"--devices", "N", "how many devices"},
    option{"--psk", "SECRET", "usmp: as load has it; stands in the file as it is written here"},
    option{
        "--first-device", "ID", "usmp: their ids count up from here (default 02:00:00:00:00:01)"},
    option{"--key", "SECRET", "spp: as load has it; the devices' own keys are drawn from it"},
    option{
        "--gateway-private",
        "SECRET",
        "spp: where the gateway's private key is, for the file (default file:gateway.key)"},
    option{"--loopback", "", "spp: the gateway listens on the loopback interface: adds \"from\""},
};

constexpr std::uint64_t most_devices = 1'000'000;
constexpr std::uint64_t devices_without_more = 64;  // spp.trial_keys, when nothing is written

// Text in double quotes, as YAML has them.
std::string quoted(std::string_view text)
{
    std::string made{'"'};
    for (auto const c : text) {
        if (c == '"' || c == '\\')
            made += '\\';
        made += c;
    }
    return made + '"';
}

void print_usmp(arguments const& given, std::uint32_t count)
{
    for (auto const* name : {"--key", "--gateway-private", "--loopback"})
        if (given.has(name))
            throw usage_error{std::string{name} + " is for --protocol spp"};
    read_secret(given, "--psk", any_length);
    auto const secret = quoted(given.required("--psk"));
    auto const first = read_device_id(given, "--first-device");
    std::cout << "version: 1\ndevices:\n";
    for (std::uint32_t index = 0; index < count; ++index) {
        auto const id = identity::device_id::from_mac(device_id_after(first, index));
        std::cout << "  \"" << id.text() << "\": {psk: [{id: \"sim\", secret: " << secret
                  << "}]}\n";
    }
}

void print_spp(arguments const& given, std::uint32_t count)
{
    for (auto const* name : {"--psk", "--first-device"})
        if (given.has(name))
            throw usage_error{std::string{name} + " is for --protocol usmp"};
    fleet_keys keys{read_private_key(given, "--key")};
    auto const gateway = quoted(given.text("--gateway-private").value_or("file:gateway.key"));
    bool const is_local = given.has("--loopback");
    if (count > devices_without_more && !is_local)
        std::cout << "# The listener needs spp: {trial_keys: " << count
                  << "} for so many devices at one address (at most 4096).\n";
    std::cout << "version: 1\ngateway_keys:\n  - {id: \"sim\", private: " << gateway
              << "}\ndevices:\n";
    auto const loopback = boost::asio::ip::address{boost::asio::ip::address_v4::loopback()};
    for (std::uint32_t index = 0; index < count; ++index) {
        auto const& own = keys.of(index).public_key;
        std::cout << "  " << fleet_name(index) << ": {public: \"hex:" << to_hex(own) << '"';
        if (is_local)
            std::cout << ", from: [\""
                      << source_address(loopback, index, keyed_devices_an_address)
                             .value_or(loopback)
                             .to_string()
                      << "\"]";
        std::cout << "}\n";
    }
}

}  // namespace

int run_credentials(std::span<char const* const> words)
{
    arguments const given{words, options};
    given.required("--devices");
    auto const count =
        static_cast<std::uint32_t>(read_number(given, "--devices", 1, {1, most_devices}));
    if (read_protocol(given) == device_protocol::spp)
        print_spp(given, count);
    else
        print_usmp(given, count);
    std::cout << std::flush;
    return 0;
}

std::string credentials_usage()
{
    return "gatehouse-sim credentials --psk SECRET --devices N [--first-device ID]\n"
           "gatehouse-sim credentials --protocol spp --key SECRET --devices N [options]\n"
           "  Prints the credential file that admits the devices of load with the same options.\n" +
           describe(options);
}

}  // namespace gatehouse::sim
