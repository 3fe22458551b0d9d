// What gatehouse-sim must know of a protocol to have devices of it: one descriptor each, listed in
// protocols.cpp.
#pragma once

#include "arguments.h"
#include "base/time.h"
#include "device/datagram_device.h"
#include "device/stream_device.h"

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <span>
#include <string_view>

namespace gatehouse::sim {

enum class transport : std::uint8_t { tcp, udp };

// What a command wants devices for: `send` and `interactive` have one, `load` has many.
enum class device_count : std::uint8_t { one, many };

// An address has some 28 000 ports.
inline constexpr std::uint32_t usual_devices_an_address = 20'000;

// What the drivers of devices ask of a protocol, as the options settle it.
struct device_facts {
    std::string_view generation{};
    std::size_t message_limit = 0;
    duration keepalive{};  // PING after this much silence of the device; zero: never
    // Towards the loopback interface, over TCP.
    std::uint32_t devices_an_address = usual_devices_an_address;
    // Nobody is authenticated before the first message.
    bool proves_by_message = false;
    // The gateway may turn a device down at its first try and know it at the second.
    bool known_at_second_try = false;
    // What the device said must be answered before it says more.
    bool one_at_a_time = false;
};

// The devices of one run. Outlives them; owns what they share.
class device_kind {
public:
    virtual ~device_kind() = default;
    device_kind(device_kind const&) = delete;
    device_kind& operator=(device_kind const&) = delete;

    device_facts const& facts() const noexcept { return facts_; }

    // Before devices are called: for those whose protocol looks at the time of day.
    virtual void tell_time(wall_time) noexcept {}

    // Device `index`, counted from 0, over a transport that the descriptor lists.
    virtual std::unique_ptr<device::stream_device> make_stream(std::uint32_t index);
    virtual std::unique_ptr<device::datagram_device> make_datagram(std::uint32_t index);

protected:
    device_kind() = default;

    device_facts facts_;
};

// What the options of a run are read from.
struct device_request {
    arguments const& given;
    device_count count = device_count::one;
    transport over = transport::tcp;
    std::string_view gateway;  // HOST:PORT, as it was found
};

enum class exchange : std::uint8_t {
    sessions,
    requests,  // stateless: `gatehouse-sim request`
};

struct device_protocol {
    std::string_view name;
    std::span<transport const> transports;  // the usual one first
    exchange speaks = exchange::sessions;

    // What follows is for sessions only.
    std::string_view required{};             // options, as a usage line has them
    std::span<option const> options{};       // of each command with devices,
    std::span<option const> one_options{};   // of those with one device,
    std::span<option const> many_options{};  // of those with many
    std::string_view credential_required{};
    std::span<option const> credential_options{};

    // Both throw usage_error.
    std::unique_ptr<device_kind> (*read)(device_request const& from) = nullptr;
    // The credential file that admits the first `devices` devices of `load` with the same options;
    // none where there are no credentials.
    void (*write_credentials
    )(arguments const& given, std::uint32_t devices, std::ostream& out) = nullptr;
};

}  // namespace gatehouse::sim
