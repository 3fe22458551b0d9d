#include "device/upss_device.h"
#include "net/clock.h"
#include "protocols.h"

#include <array>
#include <string>

namespace gatehouse::sim {

namespace {

using device::upss_release;

constexpr std::array transports{transport::tcp};

constexpr std::array options{
    option{"--route", "PATH", "what the device calls (default /)"},
    option{"--generation", "RELEASE", "0.0.2 (default) or 0.0.1, which says one message"},
};

upss_release read_release(arguments const& given)
{
    auto const name = given.text("--generation").value_or("0.0.2");
    if (name == "0.0.2")
        return upss_release::v0_0_2;
    if (name == "0.0.1")
        return upss_release::v0_0_1;
    throw usage_error{"--generation of protocol upss must be 0.0.2 or 0.0.1"};
}

class upss_kind final : public device_kind {
public:
    explicit upss_kind(device_request const& from)
    {
        settings_.path = from.given.text("--route").value_or("/");
        settings_.release = read_release(from.given);
        facts_.generation = settings_.release == upss_release::v0_0_1 ? "0.0.1" : "0.0.2";
        facts_.message_limit = settings_.message_limit;
        facts_.proves_by_message = true;
        facts_.one_at_a_time = true;
    }

    void tell_time(wall_time now) noexcept override { environment_.wall_now = now; }

    std::unique_ptr<device::stream_device> make_stream(std::uint32_t) override
    {
        return std::make_unique<device::upss_device>(environment_, settings_);
    }

private:
    device::upss_settings settings_;
    crypto::workbench crypto_;
    crypto::system_random random_;
    upss::package_reader packages_{settings_.package_limit};
    device::upss_environment environment_{crypto_, random_, packages_, read_wall_clock()};
};

std::unique_ptr<device_kind> read(device_request const& from)
{
    return std::make_unique<upss_kind>(from);
}

}  // namespace

device_protocol const upss_devices{
    .name = "upss",
    .transports = transports,
    .options = options,
    .read = read,
};

}  // namespace gatehouse::sim
