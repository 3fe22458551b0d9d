#include "device/usmp_datagram_device.h"
#include "device/usmp_device.h"
#include "fleet_secrets.h"
#include "identity/device_id.h"
#include "option_values.h"
#include "protocols.h"
#include "wire/reader.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <ostream>
#include <string>

namespace gatehouse::sim {

namespace {

constexpr std::array transports{transport::tcp, transport::udp};

constexpr std::array options{
    option{"--psk", "SECRET", "the pre-shared key: hex:, base64:, text:, file: or credential:"},
    option{"--generation", "RELEASE", "0.2, 0.3, 0.4.7, 0.5, 1.0, 1.1 or 1.2 (default)"},
    option{"--cipher", "NAME", "aes-256-gcm (default) or chacha20-poly1305"},
    option{"--label", "TEXT", "0.2 only: usmp-v1 (default), dxp-v1 or usmp-v"},
    option{"--keepalive", "TIME", "PING after this much silence, 0 = never (default 30s)"},
};

constexpr option device_option{"--device", "ID", "the device's id (default 02:00:00:00:00:01)"};
constexpr option first_device_option{
    "--first-device", "ID", "their ids count up from here (default 02:00:00:00:00:01)"};
constexpr std::array one_options{device_option};
constexpr std::array many_options{first_device_option};

constexpr std::array credential_options{
    option{"--psk", "SECRET", "as load has it; stands in the file as it is written here"},
    first_device_option,
};

device::usmp_release const& read_release(arguments const& given)
{
    auto const* found = device::find_usmp_release(given.text("--generation").value_or("1.2"));
    if (found == nullptr)
        throw usage_error{"--generation must be 0.2, 0.3, 0.4.7, 0.5, 1.0, 1.1 or 1.2"};
    return *found;
}

std::string_view read_label(arguments const& given, device::usmp_release const& release)
{
    auto const written = given.text("--label");
    if (!written)
        return release.how->label;
    auto const known = usmp::labels_0_2();
    auto const found = std::find(known.begin(), known.end(), *written);
    if (release.how != &usmp::r0_2 || found == known.end())
        throw usage_error{"--label is for generation 0.2: usmp-v1, dxp-v1 or usmp-v"};
    return *found;
}

crypto::aead_algorithm read_cipher(arguments const& given)
{
    auto const name = given.text("--cipher").value_or("aes-256-gcm");
    if (name == "aes-256-gcm")
        return crypto::aead_algorithm::aes_256_gcm;
    if (name == "chacha20-poly1305")
        return crypto::aead_algorithm::chacha20_poly1305;
    throw usage_error{"--cipher must be aes-256-gcm or chacha20-poly1305"};
}

usmp::device_bytes read_device_id(arguments const& given, option const& from)
{
    constexpr std::string_view first = "02:00:00:00:00:01";
    auto const id = identity::device_id::parse_mac(given.text(from.name).value_or(first));
    if (!id)
        throw usage_error{
            std::string{from.name} + " must be a device id, such as 02:00:00:00:00:01"};
    return wire::reader{id->raw()}.array<identity::device_id::mac_size>();
}

// Counted up from `first`; the count carries over into higher bytes.
usmp::device_bytes device_id_after(usmp::device_bytes const& first, std::uint64_t index) noexcept
{
    auto id = first;
    for (auto byte = id.rbegin(); byte != id.rend() && index != 0; ++byte) {
        index += *byte;
        *byte = static_cast<std::uint8_t>(index);
        index >>= 8;
    }
    return id;
}

class usmp_kind final : public device_kind {
public:
    explicit usmp_kind(device_request const& from)
        : psk_{read_secret(from.given, "--psk", any_length)}
    {
        auto const& release = read_release(from.given);
        settings_.release = release;
        settings_.label = read_label(from.given, release);
        settings_.id = read_device_id(
            from.given, from.count == device_count::one ? device_option : first_device_option
        );
        settings_.psk = psk_.expose();
        settings_.cipher = read_cipher(from.given);
        if (from.over == transport::udp && !release.over_udp)
            throw usage_error{"--transport udp is for generation 0.4.7 and later"};
        facts_.generation = release.name;
        facts_.message_limit = release.how->message_limit();
        facts_.keepalive = read_duration(from.given, "--keepalive", std::chrono::seconds{30});
        // A 0.3 device (docs/protocols/usmp.md, "0.2 or 0.3").
        facts_.known_at_second_try = release.how == &usmp::r0_3;
        facts_.one_at_a_time = from.over == transport::udp;
    }

    std::unique_ptr<device::stream_device> make_stream(std::uint32_t index) override
    {
        return std::make_unique<device::usmp_device>(environment_, settings_of(index));
    }

    std::unique_ptr<device::datagram_device> make_datagram(std::uint32_t index) override
    {
        return std::make_unique<device::usmp_datagram_device>(
            environment_, settings_of(index), device::usual_habits(settings_.release)
        );
    }

private:
    device::usmp_settings settings_of(std::uint32_t index) const
    {
        auto made = settings_;
        made.id = device_id_after(made.id, index);
        return made;
    }

    crypto::workbench crypto_;
    crypto::system_random random_;
    block_pool blocks_{64};
    device::usmp_environment environment_{crypto_, random_, blocks_};
    secret_bytes psk_;
    device::usmp_settings settings_;
};

std::unique_ptr<device_kind> read(device_request const& from)
{
    return std::make_unique<usmp_kind>(from);
}

void write_credentials(arguments const& given, std::uint32_t devices, std::ostream& out)
{
    read_secret(given, "--psk", any_length);
    auto const secret = quoted(given.required("--psk"));
    auto const first = read_device_id(given, first_device_option);
    out << "version: 1\ndevices:\n";
    for (std::uint32_t index = 0; index < devices; ++index) {
        auto const id = identity::device_id::from_mac(device_id_after(first, index));
        out << "  \"" << id.text() << "\": {psk: [{id: \"sim\", secret: " << secret << "}]}\n";
    }
}

}  // namespace

device_protocol const usmp_devices{
    .name = "usmp",
    .transports = transports,
    .required = " --psk SECRET",
    .options = options,
    .one_options = one_options,
    .many_options = many_options,
    .credential_required = " --psk SECRET",
    .credential_options = credential_options,
    .read = read,
    .write_credentials = write_credentials,
};

}  // namespace gatehouse::sim
