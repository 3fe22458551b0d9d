// A folder of one test, removed with what is in it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace gatehouse::ctl {

class scratch_folder {
public:
    scratch_folder()
    {
        std::string form = (std::filesystem::temp_directory_path() / "ctl-test-XXXXXX").string();
        path_ = ::mkdtemp(form.data());
    }
    ~scratch_folder() { std::filesystem::remove_all(path_); }
    scratch_folder(scratch_folder const&) = delete;
    scratch_folder& operator=(scratch_folder const&) = delete;

    std::string file(std::string const& name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

}  // namespace gatehouse::ctl
