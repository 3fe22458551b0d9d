// Tells when files have changed: replaced by `mv`, behind a symbolic link that was swapped (as
// Kubernetes does with secrets), written, gone, or back.
//
// What was moved into place is whole, and told of at once. What is written in place, or gone, is
// told of when nobody has it open for writing and it has been left alone for a moment: half of a
// file would lock out the devices of the other half.
//
// The directories on the files' paths are watched with inotify; what counts is whether a file is
// another one or has other times than before. A look now and then finds what inotify cannot see.
// Main thread.
#pragma once

#include "file_state.h"
#include "net/task.h"

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

struct inotify_event;

namespace gatehouse {

class file_watch {
public:
    static constexpr std::chrono::milliseconds settling{20};           // several changes are one
    static constexpr std::chrono::milliseconds longest_settling{200};  // however many they are
    static constexpr std::chrono::seconds between_looks{5};            // without any event
    // Since the last change of a file that is written in place, and where the kernel does not say
    // who has it open.
    static constexpr std::chrono::milliseconds quiet{100};
    static constexpr std::chrono::milliseconds quiet_unseen{500};
    static constexpr std::chrono::milliseconds between_tries{50};  // while such a one is written
    static constexpr std::chrono::seconds patience{10};  // then the log says what is waited for

    file_watch(boost::asio::io_context& context, std::function<void()> changed);
    file_watch(file_watch const&) = delete;
    file_watch& operator=(file_watch const&) = delete;
    ~file_watch() = default;

    // From now on these files; those that were watched already, as they were looked at last.
    void watch(std::vector<std::string> const& files);

    // These beside what is watched: while it is not known which will be in force.
    void watch_also(std::vector<std::string> files);

    // Begins to report.
    void start();

    // Files that have changed and were not told of, because somebody may still be writing them.
    std::set<std::string> unfinished() const;

private:
    using descriptor = boost::asio::posix::basic_stream_descriptor<executor>;
    using entry = std::pair<std::string, std::string>;  // directory and name
    using moment = steady_timer::time_point;

    struct watched {
        file_print told;  // as it was when it was told of last
        file_print now;
        moment changed{};  // when it was first seen as it is now
        std::optional<moment> unfinished_since = {};
        bool warned = false;
        bool moved = false;
        std::set<entry> path;  // what decides which file it is
    };

    void wait();
    void on_event();
    bool note(::inotify_event const& event, std::string const& name);
    void arm(std::chrono::milliseconds after);
    void look();
    bool take(std::string const& file, watched& one);
    static bool is_whole(std::string const& file, watched& one, moment now);
    void watch_directories();

    descriptor events_;
    steady_timer timer_;
    std::function<void()> changed_;
    std::map<std::string, watched> files_;
    std::map<int, std::string> directories_;  // by inotify's number
    std::optional<moment> unsettled_since_;
    bool started_ = false;
};

// The names that decide what `path`, a whole one, leads to, with their directories, links followed;
// as far as they exist.
std::set<std::pair<std::string, std::string>> entries_on_path(std::string const& path);

}  // namespace gatehouse
