// The options that every command has: where the gateway is, and what device speaks to it.
#pragma once

#include "arguments.h"
#include "base/secret.h"
#include "base/time.h"
#include "device/spp_device.h"
#include "device/usmp_environment.h"
#include "fleet_keys.h"
#include "rough_path.h"

#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

namespace gatehouse::sim {

enum class transport : std::uint8_t { tcp, udp };
enum class device_protocol : std::uint8_t { usmp, spp };

// `settings.psk` is a view of `psk`, `spp.key` of `spp_key`.
struct device_options {
    device_protocol protocol = device_protocol::usmp;
    boost::asio::ip::tcp::endpoint gateway;
    secret_bytes psk;
    device::usmp_settings settings;
    std::unique_ptr<crypto::ed25519_private> spp_key;
    std::unique_ptr<fleet_keys> fleet;  // if there are many devices: each has its own of these
    device::spp_settings spp;
    duration timeout{};    // for each step: connect, handshake, reply
    duration keepalive{};  // PING after this much silence of our own; zero: never
    transport over = transport::tcp;
    roughness path;     // udp only
    duration rebind{};  // udp only: a new local address this often; zero: never

    std::string_view generation() const noexcept
    {
        return protocol == device_protocol::spp ? name_of(spp.how) : settings.release.name;
    }
    std::size_t message_limit() const noexcept
    {
        return protocol == device_protocol::spp ? spp.message_limit
                                                : settings.release.how->message_limit();
    }
};

inline constexpr std::array connection_options{
    option{"--connect", "HOST:PORT", "where the gateway listens"},
    option{"--protocol", "NAME", "usmp (default) or spp"},
    option{"--transport", "NAME", "tcp (default) or udp"},
    option{
        "--psk", "SECRET", "usmp: the pre-shared key: hex:, base64:, text:, file: or credential:"},
    option{
        "--key",
        "SECRET",
        "spp: the device's private key, 32 bytes; load draws each device's own from it"},
    option{"--gateway-key", "KEY", "spp: the gateway's public key: hex:, base64: or file:"},
    option{"--wait", "", "spp: let the gateway speak first"},
    option{
        "--generation",
        "RELEASE",
        "0.2, 0.3, 0.4.7, 0.5, 1.0, 1.1 or 1.2 (default); spp: 0.2 (default), 0.1 or rs-d"},
    option{"--cipher", "NAME", "aes-256-gcm (default) or chacha20-poly1305"},
    option{"--label", "TEXT", "0.2 only: usmp-v1 (default), dxp-v1 or usmp-v"},
    option{"--timeout", "TIME", "for connecting, the handshake and each reply (default 5s)"},
    option{"--keepalive", "TIME", "PING after this much silence, 0 = never (default 30s)"},
    option{"--loss", "PERCENT", "udp: datagrams that are lost, each way (default 0)"},
    option{"--duplicate", "PERCENT", "udp: that come once more, up to 200 ms later (default 0)"},
    option{"--reorder", "PERCENT", "udp: that come up to 200 ms late (default 0)"},
    option{"--seed", "N", "udp: which datagrams those are (default 1)"},
    option{"--rebind-every", "TIME", "udp: a new local address this often, 0 = never (default 0)"},
};

// Each throws usage_error.
device_protocol read_protocol(arguments const& given);
usmp::device_bytes read_device_id(arguments const& given, std::string_view name);

// `first_device` names the option that holds the (first) device id.
device_options read_device_options(arguments const& given, std::string_view first_device);

// The id of device `index` counted up from `first`; the count carries over into higher bytes.
usmp::device_bytes device_id_after(usmp::device_bytes const& first, std::uint64_t index) noexcept;

}  // namespace gatehouse::sim
