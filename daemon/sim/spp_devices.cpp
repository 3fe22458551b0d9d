#include "base/hex.h"
#include "device/spp_device.h"
#include "fleet_secrets.h"
#include "option_values.h"
#include "protocols.h"
#include "source_address.h"

#include <array>
#include <map>
#include <ostream>
#include <string>
#include <utility>

namespace gatehouse::sim {

namespace {

constexpr std::array transports{transport::tcp};

constexpr option key_option{
    "--key", "SECRET", "the device's private key, 32 bytes; load draws each device's own from it"};

constexpr std::array options{
    key_option,
    option{"--gateway-key", "KEY", "the gateway's public key: hex:, base64: or file:"},
    option{"--wait", "", "let the gateway speak first"},
    option{"--generation", "RELEASE", "0.2 (default), 0.1 or rs-d"},
};

constexpr std::array credential_options{
    option{"--key", "SECRET", "as load has it; the devices' own keys are drawn from it"},
    option{
        "--gateway-private",
        "SECRET",
        "where the gateway's private key is, for the file (default file:gateway.key)"},
    option{"--loopback", "", "the gateway listens on the loopback interface: adds \"from\""},
};

// As many as a gateway tries when nothing else is configured (spp.trial_keys).
constexpr std::uint32_t devices_an_address = 64;

spp::generation read_generation(arguments const& given)
{
    auto const name = given.text("--generation").value_or("0.2");
    for (auto const one : spp::all_generations)
        if (name_of(one) == name)
            return one;
    throw usage_error{"--generation of protocol spp must be 0.2, 0.1 or rs-d"};
}

struct key_pair {
    explicit key_pair(crypto::ed25519_private from)
        : own{std::move(from)}
        , open{crypto::ed25519_public_of(own)}
    {
    }

    crypto::ed25519_private own;
    crypto::ed25519_public open;
};

class spp_kind final : public device_kind {
public:
    explicit spp_kind(device_request const& from)
        : count_{from.count}
        , key_{read_private_key(from.given, key_option.name)}
        , secrets_{key_.own.expose()}
    {
        settings_.gateway = read_public_key(from.given, "--gateway-key");
        settings_.how = read_generation(from.given);
        if (from.given.has("--wait"))
            settings_.first = device::first_speaker::gateway;
        facts_.generation = name_of(settings_.how);
        facts_.message_limit = settings_.message_limit;
        facts_.devices_an_address = devices_an_address;
        facts_.proves_by_message = true;
    }

    std::unique_ptr<device::stream_device> make_stream(std::uint32_t index) override
    {
        auto const& own = count_ == device_count::one ? key_ : key_of(index);
        auto settings = settings_;
        settings.key = &own.own;
        settings.own = own.open;
        return std::make_unique<device::spp_device>(environment_, settings);
    }

private:
    key_pair const& key_of(std::uint32_t index)
    {
        auto found = keys_.find(index);
        if (found == keys_.end())
            found = keys_.try_emplace(index, secrets_.of(index)).first;
        return found->second;
    }

    device_count count_;
    key_pair key_;
    fleet_secrets secrets_;
    std::map<std::uint32_t, key_pair const> keys_;  // of those that have connected
    crypto::workbench crypto_;
    crypto::system_random random_;
    device::spp_environment environment_{crypto_, random_};
    device::spp_settings settings_;
};

std::unique_ptr<device_kind> read(device_request const& from)
{
    return std::make_unique<spp_kind>(from);
}

void write_credentials(arguments const& given, std::uint32_t devices, std::ostream& out)
{
    fleet_secrets secrets{read_private_key(given, key_option.name).expose()};
    auto const gateway = quoted(given.text("--gateway-private").value_or("file:gateway.key"));
    bool const is_local = given.has("--loopback");
    if (devices > devices_an_address && !is_local)
        out << "# The listener needs spp: {trial_keys: " << devices
            << "} for so many devices at one address (at most 4096).\n";
    out << "version: 1\ngateway_keys:\n  - {id: \"sim\", private: " << gateway << "}\ndevices:\n";
    auto const loopback = boost::asio::ip::address{boost::asio::ip::address_v4::loopback()};
    for (std::uint32_t index = 0; index < devices; ++index) {
        auto const own = key_pair{secrets.of(index)}.open;
        out << "  " << fleet_name(index) << ": {public: \"hex:" << to_hex(own) << '"';
        if (is_local)
            out << ", from: [\""
                << source_address(loopback, index, devices_an_address)
                       .value_or(loopback)
                       .to_string()
                << "\"]";
        out << "}\n";
    }
}

}  // namespace

device_protocol const spp_devices{
    .name = "spp",
    .transports = transports,
    .required = " --key SECRET --gateway-key KEY",
    .options = options,
    .credential_required = " --key SECRET",
    .credential_options = credential_options,
    .read = read,
    .write_credentials = write_credentials,
};

}  // namespace gatehouse::sim
