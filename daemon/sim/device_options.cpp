#include "device_options.h"

#include "gateway_address.h"
#include "identity/device_id.h"
#include "option_values.h"
#include "wire/reader.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace gatehouse::sim {

namespace {

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

transport read_transport(arguments const& given)
{
    auto const name = given.text("--transport").value_or("tcp");
    if (name != "tcp" && name != "udp")
        throw usage_error{"--transport must be tcp or udp"};
    return name == "udp" ? transport::udp : transport::tcp;
}

void read_udp_options(arguments const& given, device_options& read)
{
    if (read.over == transport::udp && !read.settings.release.over_udp)
        throw usage_error{"--transport udp is for generation 0.4.7 and later"};
    for (auto const* name : {"--loss", "--duplicate", "--reorder", "--seed", "--rebind-every"})
        if (read.over != transport::udp && given.has(name))
            throw usage_error{std::string{name} + " is for --transport udp"};
    read.path.loss = read_share(given, "--loss");
    read.path.duplicate = read_share(given, "--duplicate");
    read.path.reorder = read_share(given, "--reorder");
    read.path.seed =
        read_number(given, "--seed", 1, {0, std::numeric_limits<std::uint64_t>::max()});
    read.rebind = read_duration(given, "--rebind-every", duration::zero());
}

spp::generation read_spp_generation(arguments const& given)
{
    auto const name = given.text("--generation").value_or("0.2");
    for (auto const one : spp::all_generations)
        if (name_of(one) == name)
            return one;
    throw usage_error{"--generation of protocol spp must be 0.2, 0.1 or rs-d"};
}

void read_usmp_options(arguments const& given, std::string_view first_device, device_options& read)
{
    for (auto const* name : {"--key", "--gateway-key", "--wait"})
        if (given.has(name))
            throw usage_error{std::string{name} + " is for --protocol spp"};
    read.psk = read_secret(given, "--psk", any_length);
    auto const& release = read_release(given);
    read.settings.release = release;
    read.settings.label = read_label(given, release);
    read.settings.id = read_device_id(given, first_device);
    read.settings.psk = read.psk.expose();
    read.settings.cipher = read_cipher(given);
    read.over = read_transport(given);
    read_udp_options(given, read);
    read.keepalive = read_duration(given, "--keepalive", std::chrono::seconds{30});
}

// A device of this protocol has no id: the gateway knows it by its key.
void read_spp_options(arguments const& given, std::string_view first_device, device_options& read)
{
    for (auto const name :
         {std::string_view{"--psk"},
          std::string_view{"--transport"},
          std::string_view{"--cipher"},
          std::string_view{"--label"},
          std::string_view{"--keepalive"},
          std::string_view{"--loss"},
          std::string_view{"--duplicate"},
          std::string_view{"--reorder"},
          std::string_view{"--seed"},
          std::string_view{"--rebind-every"},
          first_device})
        if (given.has(name))
            throw usage_error{std::string{name} + " is for --protocol usmp"};
    read.spp_key = std::make_unique<crypto::ed25519_private>(read_private_key(given, "--key"));
    read.spp.key = read.spp_key.get();
    read.spp.own = crypto::ed25519_public_of(*read.spp_key);
    read.spp.gateway = read_public_key(given, "--gateway-key");
    read.spp.how = read_spp_generation(given);
    if (given.has("--wait"))
        read.spp.first = device::first_speaker::gateway;
}

}  // namespace

usmp::device_bytes read_device_id(arguments const& given, std::string_view option_name)
{
    constexpr std::string_view first = "02:00:00:00:00:01";
    auto const id = identity::device_id::parse_mac(given.text(option_name).value_or(first));
    if (!id)
        throw usage_error{
            std::string{option_name} + " must be a device id, such as 02:00:00:00:00:01"};
    return wire::reader{id->raw()}.array<identity::device_id::mac_size>();
}

device_protocol read_protocol(arguments const& given)
{
    auto const name = given.text("--protocol").value_or("usmp");
    if (name != "usmp" && name != "spp")
        throw usage_error{
            "--protocol must be usmp or spp; pssst is spoken by gatehouse-sim request"};
    return name == "spp" ? device_protocol::spp : device_protocol::usmp;
}

device_options read_device_options(arguments const& given, std::string_view first_device)
{
    device_options read;
    read.gateway = read_gateway(given);
    read.protocol = read_protocol(given);
    if (read.protocol == device_protocol::spp)
        read_spp_options(given, first_device, read);
    else
        read_usmp_options(given, first_device, read);
    read.timeout = read_duration(given, "--timeout", std::chrono::seconds{5});
    if (read.timeout == duration::zero())
        throw usage_error{"--timeout must be more than nothing"};
    return read;
}

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

}  // namespace gatehouse::sim
