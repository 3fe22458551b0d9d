// The written forms of a secret: `hex:`, `base64:`, `text:`, `file:` and `credential:`.
#pragma once

#include "base/secret.h"
#include "config/file_text.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace gatehouse::config {

inline constexpr std::size_t largest_secret = 4096;

// A secret, or why there is none: what is wrong and what would be right, without any part of it.
using secret_or_why = std::variant<secret_bytes, std::string>;

// Where secrets come from that do not stand in the text itself.
class secret_files {
public:
    secret_files() = default;
    virtual ~secret_files() = default;
    secret_files(secret_files const&) = delete;
    secret_files& operator=(secret_files const&) = delete;

    virtual secret_or_why file(std::string_view path) = 0;
    virtual secret_or_why credential(std::string_view name) = 0;
};

// None: both kinds are problems. For text that did not come from a disk.
class no_secret_files final : public secret_files {
public:
    secret_or_why file(std::string_view path) override;
    secret_or_why credential(std::string_view name) override;
};

// Private files, paths relative to the directory of `beside_file`; credentials from the directory
// that the environment variable CREDENTIALS_DIRECTORY names.
class secret_files_on_disk final : public secret_files {
public:
    explicit secret_files_on_disk(std::string beside_file);

    secret_or_why file(std::string_view path) override;
    secret_or_why credential(std::string_view name) override;

    // The paths of all that was asked for, there or not.
    std::vector<std::string> take_paths() { return std::move(paths_); }

private:
    secret_or_why read(std::string path, file_access access, std::string const& what);

    std::string beside_file_;
    std::vector<std::string> paths_;
};

// `text` is one of the forms above.
secret_or_why parse_secret(std::string_view text, secret_files& files);

// Does `text` begin like a secret? Then it must not be shown, wherever it stands.
bool looks_like_secret(std::string_view text) noexcept;

}  // namespace gatehouse::config
