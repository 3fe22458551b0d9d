// From a credential file to a keyring, or to every problem that the file has.
#pragma once

#include "base/secret.h"
#include "config/problem.h"
#include "config/secret_text.h"
#include "identity/keyring.h"

#include <memory>
#include <string>
#include <string_view>

namespace gatehouse::config {

// A loaded file and what the operator should be warned about (weak keys, the wildcard device).
struct credential_file {
    std::shared_ptr<identity::keyring const> keyring;
    problems warnings;
};

// `decoy` is the random key that unknown devices are tried with (identity/keyring.h); `files` gives
// the secrets that stand elsewhere. A null keyring means that `found` says why.
credential_file parse_credentials(
    std::string_view text,
    std::string const& file,
    secret_bytes decoy,
    secret_files& files,
    problems& found
);

// The same without `file:` and `credential:` secrets, which are problems here.
credential_file parse_credentials(
    std::string_view text, std::string const& file, secret_bytes decoy, problems& found
);

// The same for a file on disk with all forms of secrets. The file must be a regular one of root or
// of this user that nobody else can read.
credential_file load_credentials(std::string const& file, secret_bytes decoy, problems& found);

}  // namespace gatehouse::config
