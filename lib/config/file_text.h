// Reading a whole file, with a check of who else can.
#pragma once

#include "config/wiped_text.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::config {

enum class file_access : std::uint8_t {
    any,                 // holds no secrets
    private_file,        // base/file_privacy.h
    service_credential,  // the same from systemd, which shows an access list as group permissions
};

struct file_request {
    std::string path;
    std::size_t limit = 0;  // in bytes
    file_access access = file_access::private_file;
};

// Reads the file into `into`. What is wrong with it, if anything: a text without the path.
std::optional<std::string> read_file(file_request const& request, wiped_text& into);

// `path`, which stands in the file `file`: relative to the directory of `file` unless absolute.
std::string beside(std::string const& file, std::string_view path);

}  // namespace gatehouse::config
