// Every protocol that gatehouse-sim speaks.
#pragma once

#include "device_protocol.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::sim {

extern device_protocol const usmp_devices;
extern device_protocol const spp_devices;
extern device_protocol const pssst_devices;
extern device_protocol const array_crypto_devices;
extern device_protocol const upss_devices;

// Which of a protocol's own options a command has.
enum class option_set : std::uint8_t { one_device, many_devices, credentials };

constexpr option_set options_for(device_count count) noexcept
{
    return count == device_count::one ? option_set::one_device : option_set::many_devices;
}

// "usmp (default), spp or array-crypto"
std::string const& session_protocol_names();

// All options of a command: `common`, then those of each protocol.
std::vector<option> with_protocols(std::vector<option> common, option_set which);

// The same for --help.
std::string describe_with_protocols(std::vector<option> const& common, option_set which);

// What `--protocol` names, of those with sessions. Throws usage_error, also for options of others.
device_protocol const& read_protocol(arguments const& given, option_set which);

// One line for each protocol with sessions: "gatehouse-sim load --connect HOST:PORT --protocol spp
// --key SECRET --devices N [options]", of which `before` and `behind` stand around the protocol's.
std::string usage_lines(std::string_view before, std::string_view behind, option_set which);

}  // namespace gatehouse::sim
