// Devices of any release, and the world in which they are enrolled.
#pragma once

#include "device/usmp_device.h"
#include "simulation/pair.h"
#include "support/usmp_fixture.h"

#include <cstdint>
#include <ostream>
#include <string>

namespace gatehouse::device {

// How gtest names it.
inline void PrintTo(usmp_release const& release, std::ostream* out)
{
    *out << release.name;
}

}  // namespace gatehouse::device

namespace gatehouse::test {

inline byte_string number_bytes(unsigned number)
{
    return {2, 0, 0, 0, static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)};
}

inline std::string mac_of(unsigned number)
{
    return identity::device_id::from_mac(bytes{number_bytes(number)}.first<6>()).text();
}

inline byte_string const& fleet_psk()
{
    static byte_string const key = usual_psk();
    return key;
}

inline device::usmp_settings device_settings(device::usmp_release const& release, unsigned number)
{
    device::usmp_settings made;
    made.release = release;
    made.label = release.how->label;
    auto const id = number_bytes(number);
    std::copy(id.begin(), id.end(), made.id.begin());
    made.psk = fleet_psk();
    return made;
}

inline usmp_world_setup fleet_world(unsigned devices)
{
    usmp_world_setup made;
    made.devices.clear();
    for (unsigned number = 0; number < devices; ++number)
        made.devices.push_back({mac_of(number), {{fleet_psk()}}});
    return made;
}

// The usual world knows 0.3 devices by their hint only.
inline void hint_releases(usmp_world& world, device::usmp_release const& release, unsigned number)
{
    if (release.how == &usmp::r0_3)
        world.hints.remember({{parse_id(mac_of(number))}, identity::session_id_length::sixteen});
}

}  // namespace gatehouse::test
