// A folder of its own for a test that needs files.
#pragma once

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include <stdlib.h>
#include <sys/stat.h>

namespace gatehouse::config::testing {

class scratch_folder {
public:
    scratch_folder()
    {
        auto pattern =
            (std::filesystem::temp_directory_path() / "gatehouse-config-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr)
            throw std::runtime_error{"no scratch folder"};
        path_ = pattern;
    }
    ~scratch_folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    scratch_folder(scratch_folder const&) = delete;
    scratch_folder& operator=(scratch_folder const&) = delete;

    std::string path(std::string_view name) const { return (path_ / name).string(); }

    std::string write(std::string_view name, std::string_view text, mode_t mode = 0600) const
    {
        auto const file = path(name);
        std::ofstream{file, std::ios::binary} << text;
        ::chmod(file.c_str(), mode);
        return file;
    }

private:
    std::filesystem::path path_;
};

}  // namespace gatehouse::config::testing
