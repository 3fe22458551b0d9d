// The system's groups of users by name.
#pragma once

#include <optional>
#include <string>

#include <sys/types.h>

namespace gatehouse {

// Nothing when there is no such group, or the system cannot say. Any thread; may read files.
std::optional<::gid_t> group_by_name(std::string const& name);

}  // namespace gatehouse
