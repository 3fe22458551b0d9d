#include "file_watch.h"

#include "attempt.h"
#include "net/log.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <filesystem>
#include <utility>

#include <sys/inotify.h>
#include <unistd.h>

namespace gatehouse {

namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t events_wanted = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE |
                                        IN_DELETE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;
// What makes a file that was moved there one that is written there.
constexpr std::uint32_t ends_a_move = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_CLOSE_WRITE;
constexpr int most_links = 40;

}  // namespace

std::set<std::pair<std::string, std::string>> entries_on_path(std::string const& path)
{
    std::set<std::pair<std::string, std::string>> found;
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
            found.emplace(here, next);
            auto const target = fs::read_symlink(here / next, failure);
            if (target.is_absolute())
                here = "/";
            auto ahead = parts(target);
            left.insert(left.begin(), ahead.begin(), ahead.end());
            continue;
        }
        if (is_last || !fs::exists(status)) {
            found.emplace(here, next);
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

void file_watch::watch(std::vector<std::string> const& files)
{
    // What is known already may have changed since it was read: the next look tells.
    std::map<std::string, watched> wanted;
    for (auto const& file : files) {
        auto const known = files_.find(file);
        if (known != files_.end()) {
            wanted.emplace(file, known->second);
            continue;
        }
        auto const print = print_of(file);
        wanted.emplace(file, watched{.told = print, .now = print, .path = {}});
    }
    files_ = std::move(wanted);
    if (started_)
        watch_directories();
}

void file_watch::watch_also(std::vector<std::string> files)
{
    for (auto const& [file, one] : files_)
        files.push_back(file);
    watch(files);
}

void file_watch::start()
{
    started_ = true;
    watch_directories();
}

std::set<std::string> file_watch::unfinished() const
{
    std::set<std::string> found;
    for (auto const& [file, one] : files_)
        if (one.now != one.told)
            found.insert(file);
    return found;
}

// Anew each time: a directory may be another one under the same name. What happens meanwhile makes
// no event, so a look follows. Without inotify the looks now and then remain.
void file_watch::watch_directories()
{
    arm(settling);
    boost::system::error_code ignored;
    events_.close(ignored);
    directories_.clear();
    std::set<std::string> wanted;
    for (auto& [file, one] : files_) {
        one.path = entries_on_path(file);
        for (auto const& [directory, name] : one.path)
            wanted.insert(directory);
    }
    auto const queue = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (queue < 0)
        return;
    events_.assign(queue, ignored);
    for (auto const& directory : wanted)
        directories_[::inotify_add_watch(queue, directory.c_str(), events_wanted)] = directory;
    wait();
}

void file_watch::wait()
{
    events_.async_wait(descriptor::wait_read, [this](boost::system::error_code failure) {
        if (failure)
            return;
        attempt("file watch", [this] { on_event(); });
        wait();
    });
}

// What happens to other files of a directory is nothing to look at.
void file_watch::on_event()
{
    alignas(::inotify_event) std::array<char, 4096> events{};
    bool concerned = false;
    for (;;) {
        auto const got = ::read(events_.native_handle(), events.data(), events.size());
        if (got <= 0)
            break;
        for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
            ::inotify_event event{};
            std::memcpy(&event, events.data() + at, sizeof event);
            auto const* const name = events.data() + at + sizeof event;
            concerned = note(event, event.len > 0 ? name : "") || concerned;
            at += sizeof event + event.len;
        }
    }
    if (concerned) {
        // Whoever writes here all the time does not put the look off for ever.
        auto const now = steady_timer::clock_type::now();
        if (!unsettled_since_)
            unsettled_since_ = now;
        auto const left = *unsettled_since_ + longest_settling - now;
        arm(std::clamp(
            std::chrono::duration_cast<std::chrono::milliseconds>(left),
            std::chrono::milliseconds{0},
            settling
        ));
    }
}

// True when it may concern a file that is watched.
bool file_watch::note(::inotify_event const& event, std::string const& name)
{
    auto const directory = directories_.find(event.wd);
    if (directory == directories_.end() || name.empty())
        return true;
    entry const where{directory->second, name};
    // A link that is made leads to a file that was there before.
    std::error_code failure;
    bool const is_link = (event.mask & IN_CREATE) != 0 &&
                         fs::is_symlink(fs::path{where.first} / where.second, failure);
    bool concerned = false;
    for (auto& [file, one] : files_) {
        if (!one.path.contains(where))
            continue;
        concerned = true;
        one.moved = (event.mask & IN_MOVED_TO) != 0 || is_link ||
                    (one.moved && (event.mask & ends_a_move) == 0);
    }
    return concerned;
}

void file_watch::arm(std::chrono::milliseconds after)
{
    timer_.expires_after(after);
    timer_.async_wait([this](boost::system::error_code failure) {
        if (!failure && !attempt("file watch", [this] { look(); }).empty())
            arm(between_looks);
    });
}

// True when it is to be told of.
bool file_watch::take(std::string const& file, watched& one)
{
    auto const now = steady_timer::clock_type::now();
    if (auto const print = print_of(file); print != one.now) {
        one.now = print;
        one.changed = now;
    }
    bool const is_other = one.now != one.told;
    if (is_other && !one.unfinished_since)
        one.unfinished_since = now;
    if (is_other && !is_whole(file, one, now))
        return false;
    one.told = one.now;
    one.moved = false;
    one.unfinished_since.reset();
    one.warned = false;
    return is_other;
}

bool file_watch::is_whole(std::string const& file, watched& one, moment now)
{
    if (one.moved)
        return true;
    auto const alone = now - one.changed;
    if (alone < quiet)
        return false;
    auto const writer = writer_of(file);
    if (writer == file_writer::some && now - *one.unfinished_since > patience &&
        !std::exchange(one.warned, true))
        log::write(
            log::level::warn,
            "file is still being written",
            {{"file", file}, {"detail", "it is loaded when nobody has it open for writing"}}
        );
    return writer == file_writer::none || (writer == file_writer::unknown && alone >= quiet_unseen);
}

void file_watch::look()
{
    unsettled_since_.reset();
    bool told = false;
    bool unfinished = false;
    bool elsewhere = false;
    for (auto& [file, one] : files_) {
        told = take(file, one) || told;
        unfinished = unfinished || one.now != one.told;
        elsewhere = elsewhere || entries_on_path(file) != one.path;
    }
    if (told || elsewhere)
        watch_directories();
    if (unfinished)
        arm(between_tries);
    else if (!told && !elsewhere)
        arm(between_looks);
    if (told)
        changed_();
}

}  // namespace gatehouse
