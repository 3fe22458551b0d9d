// Tells when files have changed: written, replaced by `mv`, behind a symbolic link that was swapped
// (as Kubernetes does with secrets), gone, or back.
//
// The directories on the files' paths are watched with inotify; what counts is whether a file is
// another one or has other times than before. A look now and then finds what inotify cannot see.
// Main thread.
#pragma once

#include "net/task.h"

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gatehouse {

class file_watch {
public:
    static constexpr std::chrono::milliseconds settling{20};           // several changes are one
    static constexpr std::chrono::milliseconds longest_settling{200};  // however many they are
    static constexpr std::chrono::seconds between_looks{5};            // without any event

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

private:
    using descriptor = boost::asio::posix::basic_stream_descriptor<executor>;

    // Which file it is and when it changed; all zero when there is none.
    struct print {
        std::uint64_t device = 0;
        std::uint64_t inode = 0;
        std::int64_t size = 0;
        std::int64_t modified = 0;  // nanoseconds
        std::int64_t changed = 0;
        bool operator==(print const&) const = default;
    };
    static print print_of(std::string const& file);

    void wait();
    void on_event();
    void arm(std::chrono::milliseconds after);
    void look();
    void watch_directories();

    descriptor events_;
    steady_timer timer_;
    std::function<void()> changed_;
    std::map<std::string, print> files_;
    std::set<std::string> directories_;
    std::optional<steady_timer::time_point> unsettled_since_;
    bool started_ = false;
};

// The directories whose entries decide what `path`, a whole one, leads to, links followed; as far
// as they exist.
std::set<std::string> directories_on_path(std::string const& path);

}  // namespace gatehouse
