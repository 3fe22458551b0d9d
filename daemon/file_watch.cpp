#include "file_watch.h"

#include <algorithm>
#include <array>
#include <deque>
#include <filesystem>
#include <utility>

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse {

namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t events_wanted = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE |
                                        IN_DELETE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;
constexpr int most_links = 40;

std::int64_t nanoseconds(::timespec const& time) noexcept
{
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

std::set<std::string> directories_on_path(std::string const& path)
{
    std::set<std::string> found;
    auto const parts = [](fs::path const& of) {
        return std::deque<fs::path>{of.begin(), of.end()};
    };
    auto left = parts(fs::path{path}.lexically_normal());
    fs::path here{"/"};
    for (int links = 0; !left.empty();) {
        auto const next = left.front();
        left.pop_front();
        if (next == "/" || next == "." || next.empty())
            continue;
        if (next == "..") {
            here = here.parent_path();
            continue;
        }
        std::error_code failure;
        auto const status = fs::symlink_status(here / next, failure);
        bool const is_last = left.empty();
        if (fs::is_symlink(status) && links < most_links) {
            ++links;
            found.insert(here);
            auto const target = fs::read_symlink(here / next, failure);
            if (target.is_absolute())
                here = "/";
            auto ahead = parts(target);
            left.insert(left.begin(), ahead.begin(), ahead.end());
            continue;
        }
        if (is_last || !fs::exists(status)) {
            found.insert(here);
            break;
        }
        here /= next;
    }
    return found;
}

file_watch::file_watch(boost::asio::io_context& context, std::function<void()> changed)
    : events_{context.get_executor()}
    , timer_{context.get_executor()}
    , changed_{std::move(changed)}
{
}

file_watch::print file_watch::print_of(std::string const& file)
{
    struct ::stat found {};
    if (::stat(file.c_str(), &found) != 0)
        return {};
    return {
        found.st_dev,
        found.st_ino,
        found.st_size,
        nanoseconds(found.st_mtim),
        nanoseconds(found.st_ctim)};
}

void file_watch::watch(std::vector<std::string> const& files)
{
    // What is known already may have changed since it was read: the next look tells.
    std::map<std::string, print> wanted;
    for (auto const& file : files) {
        auto const known = files_.find(file);
        wanted.emplace(file, known != files_.end() ? known->second : print_of(file));
    }
    files_ = std::move(wanted);
    if (started_)
        watch_directories();
}

void file_watch::watch_also(std::vector<std::string> files)
{
    for (auto const& [file, seen] : files_)
        files.push_back(file);
    watch(files);
}

void file_watch::start()
{
    started_ = true;
    watch_directories();
}

// Anew each time: a directory may be another one under the same name. What happens meanwhile makes
// no event, so a look follows. Without inotify the looks now and then remain.
void file_watch::watch_directories()
{
    arm(settling);
    boost::system::error_code ignored;
    events_.close(ignored);
    directories_.clear();
    for (auto const& [file, seen] : files_)
        directories_.merge(directories_on_path(file));
    auto const queue = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (queue < 0)
        return;
    events_.assign(queue, ignored);
    for (auto const& directory : directories_)
        ::inotify_add_watch(queue, directory.c_str(), events_wanted);
    wait();
}

void file_watch::wait()
{
    events_.async_wait(descriptor::wait_read, [this](boost::system::error_code failure) {
        if (!failure)
            on_event();
    });
}

void file_watch::on_event()
{
    alignas(::inotify_event) std::array<char, 4096> events{};
    while (::read(events_.native_handle(), events.data(), events.size()) > 0)
        continue;
    // Whoever writes in this directory all the time does not put the look off for ever.
    auto const now = steady_timer::clock_type::now();
    if (!unsettled_since_)
        unsettled_since_ = now;
    auto const left = *unsettled_since_ + longest_settling - now;
    arm(std::clamp(
        std::chrono::duration_cast<std::chrono::milliseconds>(left),
        std::chrono::milliseconds{0},
        settling
    ));
    wait();
}

void file_watch::arm(std::chrono::milliseconds after)
{
    timer_.expires_after(after);
    timer_.async_wait([this](boost::system::error_code failure) {
        if (!failure)
            look();
    });
}

void file_watch::look()
{
    unsettled_since_.reset();
    bool other = false;
    for (auto& [file, seen] : files_) {
        auto const now = print_of(file);
        other = other || now != seen;
        seen = now;
    }
    std::set<std::string> wanted;
    for (auto const& [file, seen] : files_)
        wanted.merge(directories_on_path(file));
    if (other || wanted != directories_)
        watch_directories();
    else
        arm(between_looks);
    if (other)
        changed_();
}

}  // namespace gatehouse
