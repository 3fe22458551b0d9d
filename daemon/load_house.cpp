#include "load_house.h"

#include "config/credentials.h"
#include "config/load.h"
#include "crypto/random.h"

#include <algorithm>
#include <array>
#include <iterator>

#include <sched.h>
#include <unistd.h>

namespace gatehouse {

namespace {

constexpr std::uint32_t most_workers = 255;  // a worker's number is one byte of a session id

// The cores that this process may use, which a container or a cpuset may have cut down.
std::uint32_t usable_cores()
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (::sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    return static_cast<std::uint32_t>(std::max(CPU_COUNT(&set), 1));
}

std::string host_name()
{
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0)
        return "gatehouse";
    return name.data();
}

// The key that unknown devices are tried with: nobody knows it, not even we tomorrow.
secret_bytes make_decoy()
{
    std::array<std::uint8_t, 32> drawn{};
    crypto::system_random{}.fill(drawn);
    return secret_bytes{drawn};
}

admission_limits limits_of(config::listener const& listener)
{
    // A stream's handshakes make way for each other whatever their address.
    bool const is_udp = listener.transport == config::transport::udp;
    return {
        .sessions = listener.limits.sessions,
        .sessions_per_address = listener.limits.sessions_per_address,
        .handshakes_per_second = listener.limits.handshakes_per_second,
        .handshakes = listener.limits.handshakes,
        .handshakes_per_address = is_udp ? listener.limits.handshakes_per_address : 0,
    };
}

}  // namespace

loaded_house load_house(std::string const& config_file)
{
    loaded_house loaded;
    auto settings = config::load(config_file, loaded.problems);
    if (!settings)
        return loaded;
    auto house = std::make_unique<shared_house>();
    house->settings = std::move(*settings);
    if (house->settings.workers == 0)
        house->settings.workers = std::min(usable_cores(), most_workers);
    if (house->settings.node.name.empty())
        house->settings.node.name = host_name();
    for (auto const& set : house->settings.credentials) {
        auto read = config::load_credentials(set.file, make_decoy(), loaded.problems);
        house->keyrings.push_back(std::move(read.keyring));
        std::move(read.warnings.begin(), read.warnings.end(), std::back_inserter(loaded.warnings));
    }
    for (auto const& listener : house->settings.listeners)
        house->admissions.push_back(std::make_unique<admission>(limits_of(listener)));
    if (loaded.problems.empty())
        loaded.house = std::move(house);
    return loaded;
}

}  // namespace gatehouse
