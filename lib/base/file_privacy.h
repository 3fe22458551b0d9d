// Who else may touch a file of secrets: one rule for credential files, secrets in files, stores and
// their keys (docs/security.md, "Secrets at rest").
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <sys/stat.h>

namespace gatehouse {

// systemd shows the access list of a service's credential as group permissions.
enum class group_bits : std::uint8_t { permissions, access_list };

// What is wrong with the file at `path`, whose facts these are: a text without the path in front;
// nothing when it is a regular file of root or of this process's user that nobody else may touch.
//
// Its group may read it if it is one of this process's groups, as Kubernetes gives a secret to a
// pod (root's, `fsGroup`, 0440). Of this user's own files that holds only for those that nobody may
// write: one with 0640 was left open by mistake, as its owner needs no group.
std::optional<std::string> privacy_problem(
    std::string const& path, struct ::stat const& facts, group_bits shown = group_bits::permissions
);

// "0640"
std::string octal_mode(::mode_t mode);

}  // namespace gatehouse
