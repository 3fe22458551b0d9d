// Every protocol that gatehouse-sim speaks.
#pragma once

#include "device_protocol.h"

#include <span>
#include <string>
#include <vector>

namespace gatehouse::sim {

// The first one is what commands speak that are told nothing.
std::span<device_protocol const* const> protocols() noexcept;

// "usmp (default), spp or array-crypto"
std::string const& session_protocol_names();

// Which of a protocol's own options a command has.
std::vector<option> protocol_options(device_protocol const& of, device_count count);

// What `--protocol` names: of those with sessions. Throws usage_error.
device_protocol const& read_protocol(arguments const& given);

// Throws usage_error for what belongs to another protocol; `of` gives the options of each.
void refuse_foreign(
    arguments const& given,
    device_protocol const& chosen,
    std::vector<option> (*of)(device_protocol const& which)
);

// Usage lines, one for each protocol with sessions: "gatehouse-sim load --connect HOST:PORT
// --protocol spp ... --devices N [options]".
struct usage_form {
    std::string_view command;
    std::string_view before;  // options that each line has, in front of the protocol's
    std::string_view behind;
    std::string_view device_protocol::*required;
};
std::string usage_lines(usage_form const& form);

// For --help: the options that each protocol has for itself.
std::string describe_own(std::vector<option> (*of)(device_protocol const& which));

}  // namespace gatehouse::sim
