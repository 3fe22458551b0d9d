// How many connections this process may have.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace gatehouse::sim {

// Raises the limit of open descriptors to what `connections` need. Returns why it cannot, and what
// would help.
std::optional<std::string> allow_connections(std::uint32_t connections);

}  // namespace gatehouse::sim
