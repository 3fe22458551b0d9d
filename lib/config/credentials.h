// From a credential file to a keyring, or to every problem that the file has.
#pragma once

#include "base/secret.h"
#include "config/credential_kind.h"
#include "config/problem.h"
#include "config/protocol_type.h"
#include "config/secret_text.h"
#include "identity/keyring.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::config {

// A loaded file and what the operator should be warned about (weak keys, the wildcard device).
struct credential_file {
    std::shared_ptr<identity::keyring const> keyring;
    problems warnings;
    std::vector<std::string> files;  // the secrets' own, in order; also when there are problems
    std::vector<key_file_note> key_files;  // those of them that hold a key, and in what form
};

// What a keyring has that does not stand in its file.
struct keyring_seed {
    protocol_list const& protocols;
    secret_bytes decoy;                  // random: what unknown devices are tried with
    std::vector<std::string> key_ids{};  // of the snapshot before: the same ids, the same indexes
    credential_kind const* kind = nullptr;  // that its listeners need; null: what it looks like
};

// `files` gives the secrets that stand elsewhere. A null keyring means that `found` says why.
credential_file parse_credentials(
    std::string_view text,
    std::string const& file,
    keyring_seed seed,
    secret_files& files,
    problems& found
);

// The same for a file on disk with all forms of secrets. The file must be a regular one of root or
// of this user that nobody else can read.
credential_file load_credentials(std::string const& file, keyring_seed seed, problems& found);

}  // namespace gatehouse::config
