#include "state_directory.h"

#include "base/descriptor.h"
#include "base/environment.h"
#include "config/file_text.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse {

namespace {

std::string text_of(int failure)
{
    return std::generic_category().message(failure);
}

std::string octal(mode_t mode)
{
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "%04o", static_cast<unsigned>(mode & 07777));
    return text.data();
}

std::optional<std::string> make(std::filesystem::path const& at)
{
    if (::mkdir(at.c_str(), 0700) != 0)
        return "cannot be made: " + text_of(errno);
    return std::nullopt;
}

std::optional<std::string> judge_as_if_made(std::filesystem::path const& at)
{
    auto const beside = at.has_filename() ? at.parent_path() : at.parent_path().parent_path();
    auto const parent = beside.empty() ? std::filesystem::path{"."} : beside;
    struct stat facts {};
    if (::stat(parent.c_str(), &facts) != 0)
        return "cannot be made: " + text_of(errno);
    if (!S_ISDIR(facts.st_mode))
        return "cannot be made: " + text_of(ENOTDIR);
    if (::access(parent.c_str(), W_OK | X_OK) != 0)
        return "cannot be made: " + text_of(errno);
    return std::nullopt;
}

std::optional<std::string> judge(std::filesystem::path const& at, struct stat const& facts)
{
    static constexpr mode_t writable_for_others = 022;
    if (!S_ISDIR(facts.st_mode))
        return "is not a directory";
    auto const user = ::geteuid();
    if (facts.st_uid != 0 && facts.st_uid != user)
        return "belongs to another user (uid " + std::to_string(facts.st_uid) +
               "); it must belong to root or to the user of this process (uid " +
               std::to_string(user) + ')';
    if ((facts.st_mode & writable_for_others) != 0)
        return "is a directory in which others may write (mode " + octal(facts.st_mode) +
               "); close it with: chmod go-w " + at.string();
    if (::access(at.c_str(), R_OK | W_OK | X_OK) != 0)
        return "cannot be used: " + text_of(errno);
    return std::nullopt;
}

bool write_all(int to, bytes content)
{
    while (!content.empty()) {
        auto const written = ::write(to, content.data(), content.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        content = content.subspan(static_cast<std::size_t>(written));
    }
    return ::fsync(to) == 0;
}

}  // namespace

std::filesystem::path given_state_directory()
{
    auto const all = environment("STATE_DIRECTORY");
    return all.substr(0, all.find(':'));
}

std::optional<std::string> state_directory_problem(
    std::filesystem::path const& at, missing_directory missing
)
{
    struct stat facts {};
    std::optional<std::string> why;
    if (::stat(at.c_str(), &facts) == 0)
        why = judge(at, facts);
    else if (errno != ENOENT)
        why = "cannot be used: " + text_of(errno);
    else
        why = missing == missing_directory::is_made ? make(at) : judge_as_if_made(at);
    if (why)
        return "\"state_directory\" " + at.string() + ' ' + *why;
    return std::nullopt;
}

std::optional<std::string> write_state_file(std::filesystem::path const& file, bytes content)
{
    static std::mutex one_at_a_time;
    std::scoped_lock const lock{one_at_a_time};
    auto const temporary = file.string() + ".new";
    ::unlink(temporary.c_str());
    {
        descriptor const to{
            ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
        if (to.get() < 0)
            return temporary + " cannot be made: " + text_of(errno);
        if (!write_all(to.get(), content)) {
            auto const why = errno;
            ::unlink(temporary.c_str());
            return temporary + " cannot be written: " + text_of(why);
        }
    }
    if (::rename(temporary.c_str(), file.c_str()) != 0)
        return file.string() + " cannot be replaced: " + text_of(errno);
    return std::nullopt;
}

state_file read_state_file(std::filesystem::path const& file, std::size_t limit)
{
    state_file read;
    struct stat facts {};
    if (::lstat(file.c_str(), &facts) != 0 && errno == ENOENT)
        return read;
    config::wiped_text text;
    auto why = config::read_file({file.string(), limit, config::file_access::private_file}, text);
    if (why) {
        read.problem = file.string() + ' ' + *why;
        return read;
    }
    auto const content = as_bytes(text.view());
    read.content.assign(content.begin(), content.end());
    return read;
}

}  // namespace gatehouse
