// The written forms of a secret: `hex:`, `base64:`, `text:`, `file:` and `credential:`.
#pragma once

#include "base/key_file.h"
#include "base/secret.h"
#include "config/file_text.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::config {

// A key file that was read, and what it was taken for.
struct key_file_note {
    std::string path;
    key_file_form form = key_file_form::raw;
    std::size_t size = 0;  // of the key
};

// Where secrets come from that do not stand in the text itself.
class secret_files {
public:
    secret_files() = default;
    virtual ~secret_files() = default;
    secret_files(secret_files const&) = delete;
    secret_files& operator=(secret_files const&) = delete;

    virtual secret_or_why file(std::string_view path, key_length wanted) = 0;
    virtual secret_or_why credential(std::string_view name, key_length wanted) = 0;
};

// None: both kinds are problems. For text that did not come from a disk.
class no_secret_files final : public secret_files {
public:
    secret_or_why file(std::string_view path, key_length wanted) override;
    secret_or_why credential(std::string_view name, key_length wanted) override;
};

// Private key files (base/key_file.h), paths relative to the directory of `beside_file`;
// credentials from the directory that the environment variable CREDENTIALS_DIRECTORY names.
class secret_files_on_disk final : public secret_files {
public:
    // `access` is that of `file:`; public keys need not be private.
    explicit secret_files_on_disk(
        std::string beside_file, file_access access = file_access::private_file
    );

    secret_or_why file(std::string_view path, key_length wanted) override;
    secret_or_why credential(std::string_view name, key_length wanted) override;

    // The paths of all that was asked for, there or not.
    std::vector<std::string> take_paths() { return std::move(paths_); }
    // What those were taken for that held a key.
    std::vector<key_file_note> take_notes() { return std::move(taken_); }

private:
    secret_or_why read(file_request const& request, key_length wanted, std::string const& what);

    std::string beside_file_;
    file_access access_;
    std::vector<std::string> paths_;
    std::vector<key_file_note> taken_;
};

// `text` is one of the forms above. `wanted` is asked of files only: what stands in the text itself
// is judged by whoever uses it.
secret_or_why parse_secret(std::string_view text, secret_files& files, key_length wanted);

// Does `text` begin like a secret? Then it must not be shown, wherever it stands.
bool looks_like_secret(std::string_view text) noexcept;

}  // namespace gatehouse::config
