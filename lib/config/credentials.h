// From a credential file to a keyring, or to every problem that the file has.
#pragma once

#include "base/secret.h"
#include "config/problem.h"
#include "config/secret_text.h"
#include "identity/keyring.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::config {

// Bytes. A device with a shorter key must say `weak: accept`.
inline constexpr std::size_t shortest_psk = 16;

// A loaded file and what the operator should be warned about (weak keys, the wildcard device).
struct credential_file {
    std::shared_ptr<identity::keyring const> keyring;
    problems warnings;
    std::vector<std::string> files;  // the secrets' own, in order; also when there are problems
    std::vector<key_file_note> key_files;  // those of them that hold a key, and in what form
};

// What a keyring has that does not stand in its file.
struct keyring_seed {
    secret_bytes decoy;                // random: what unknown devices are tried with
    std::vector<std::string> key_ids;  // of the snapshot before: the same ids get the same indexes
    // What the listeners that use the file need; nothing: what the file looks like.
    std::optional<identity::key_kind> kind = std::nullopt;
};

// `files` gives the secrets that stand elsewhere. A null keyring means that `found` says why.
credential_file parse_credentials(
    std::string_view text,
    std::string const& file,
    keyring_seed seed,
    secret_files& files,
    problems& found
);

// The same for pre-shared keys without a snapshot before, and without `file:` and `credential:`
// secrets, which are problems here.
credential_file parse_credentials(
    std::string_view text, std::string const& file, secret_bytes decoy, problems& found
);

// The same for a file on disk with all forms of secrets. The file must be a regular one of root or
// of this user that nobody else can read.
credential_file load_credentials(std::string const& file, keyring_seed seed, problems& found);

}  // namespace gatehouse::config
