#include "base/hex.h"
#include "device/array_crypto_device.h"
#include "fleet_secrets.h"
#include "identity/psk_device.h"
#include "net/clock.h"
#include "option_values.h"
#include "protocols.h"

#include <array>
#include <chrono>
#include <map>
#include <ostream>
#include <string>
#include <utility>

namespace gatehouse::sim {

namespace {

using array_crypto::profile;

constexpr std::array transports{transport::tcp};

constexpr option generation_option{"--generation", "PROFILE", "v2 (default) or v1"};

constexpr std::array options{
    option{
        "--secret",
        "SECRET",
        "the device's secret, 16 bytes or more; load draws each device's own from it"},
    generation_option,
    option{
        "--prefix",
        "PATH",
        "of its requests (default none); each device of load has its name behind it: /sim-1"},
    option{"--keepalive", "TIME", "GET /health after this much silence (default 30s)"},
};

constexpr std::array one_options{
    option{"--user", "NAME", "for HTTP Basic, with --password"},
    option{"--password", "SECRET", "text:, file:, hex: or base64:"},
};

constexpr std::array credential_options{
    option{"--secret", "SECRET", "as load has it; the devices' own secrets are drawn from it"},
    generation_option,
    option{"--prefix", "PATH", "as load has it"},
};

profile read_profile(arguments const& given)
{
    auto const found = array_crypto::profile_of(given.text("--generation").value_or("v2"));
    if (!found)
        throw usage_error{"--generation of protocol array-crypto must be v2 or v1"};
    return *found;
}

std::string read_prefix(arguments const& given)
{
    auto const text = given.text("--prefix").value_or("/");
    if (text == "/")
        return {};
    if (!text.starts_with('/') || text.ends_with('/'))
        throw usage_error{"--prefix must be a path such as /dev/sensor-1"};
    return std::string{text};
}

secret_bytes read_device_secret(arguments const& given)
{
    auto made = read_secret(given, "--secret", any_length);
    if (made.size() < identity::shortest_psk)
        throw usage_error{
            "--secret must have " + std::to_string(identity::shortest_psk) + " bytes or more"};
    return made;
}

std::string read_basic(arguments const& given)
{
    if (!given.has("--user") && !given.has("--password"))
        return {};
    auto const password = read_secret(given, "--password", any_length);
    auto made = std::string{given.required("--user")} + ':';
    return made.append(as_text(password.expose()));
}

class array_crypto_kind final : public device_kind {
public:
    explicit array_crypto_kind(device_request const& from)
        : count_{from.count}
        , secret_{read_device_secret(from.given)}
        , secrets_{secret_.expose()}
    {
        settings_.how = read_profile(from.given);
        settings_.host = from.gateway;
        settings_.prefix = read_prefix(from.given);
        if (count_ == device_count::one)
            settings_.basic = read_basic(from.given);
        facts_.generation = name_of(settings_.how);
        facts_.message_limit = settings_.message_limit;
        facts_.keepalive = read_duration(from.given, "--keepalive", std::chrono::seconds{30});
        facts_.one_at_a_time = true;
    }

    void tell_time(wall_time now) noexcept override { environment_.wall_now = now; }

    std::unique_ptr<device::stream_device> make_stream(std::uint32_t index) override
    {
        auto settings = settings_;
        settings.secret = secret_.expose();
        if (count_ == device_count::many) {
            settings.secret = secret_of(index).expose();
            settings.prefix += '/' + fleet_name(index);
        }
        return std::make_unique<device::array_crypto_device>(environment_, settings);
    }

private:
    secret<32> const& secret_of(std::uint32_t index)
    {
        auto found = own_secrets_.find(index);
        if (found == own_secrets_.end())
            found = own_secrets_.emplace(index, secrets_.of(index)).first;
        return found->second;
    }

    device_count count_;
    secret_bytes secret_;
    fleet_secrets secrets_;
    std::map<std::uint32_t, secret<32> const> own_secrets_;  // of those that have connected
    crypto::workbench crypto_;
    crypto::system_random random_;
    array_crypto::v2::tools messages_;
    device::array_crypto_environment environment_{crypto_, random_, messages_, read_wall_clock()};
    device::array_crypto_settings settings_;
};

std::unique_ptr<device_kind> read(device_request const& from)
{
    return std::make_unique<array_crypto_kind>(from);
}

void write_credentials(arguments const& given, std::uint32_t devices, std::ostream& out)
{
    fleet_secrets secrets{read_device_secret(given).expose()};
    auto const profile = name_of(read_profile(given));
    auto const prefix = read_prefix(given);
    out << "version: 1\ndevices:\n";
    for (std::uint32_t index = 0; index < devices; ++index) {
        auto const name = fleet_name(index);
        out << "  " << name << ": {profile: " << profile
            << ", secret: \"hex:" << to_hex(secrets.of(index).expose())
            << "\", prefix: " << quoted(prefix + '/' + name) << "}\n";
    }
}

}  // namespace

device_protocol const array_crypto_devices{
    .name = "array-crypto",
    .transports = transports,
    .required = " --secret SECRET",
    .options = options,
    .one_options = one_options,
    .credential_required = " --secret SECRET",
    .credential_options = credential_options,
    .read = read,
    .write_credentials = write_credentials,
};

}  // namespace gatehouse::sim
