#include "audit_log.h"

#include "base/bytes.h"
#include "base/utf8.h"
#include "json_time.h"
#include "net/clock.h"
#include "net/log.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse {

namespace {

constexpr std::size_t longest_subject = 256;  // what was asked, which may be anything

std::string system_text(int failure)
{
    return boost::system::error_code{failure, boost::system::system_category()}.message();
}

// Has somebody moved the file away, to begin a new one?
bool is_another(int handle, std::string const& file)
{
    struct ::stat open {};
    struct ::stat named {};
    return ::fstat(handle, &open) != 0 || ::stat(file.c_str(), &named) != 0 ||
           open.st_ino != named.st_ino || open.st_dev != named.st_dev;
}

// JSON must be text, whatever was asked.
std::string shown(std::string text)
{
    text.resize(std::min(text.size(), longest_subject));
    if (!is_utf8(as_bytes(text)))
        std::replace_if(
            text.begin(),
            text.end(),
            [](char one) { return static_cast<unsigned char>(one) >= 0x80; },
            '?'
        );
    return text;
}

std::string json_line(audit_log::entry const& done)
{
    boost::json::object made{
        {"time", json_time(read_wall_clock())},
        {"uid", done.who.uid},
        {"gid", done.who.gid},
        {"pid", done.who.pid},
        {"what", done.what},
        {"subject", shown(done.subject)},
        {"status", done.status},
        {"result", done.result},
    };
    if (done.suppressed > 0)
        made.emplace("suppressed", done.suppressed);
    return boost::json::serialize(made) + '\n';
}

// The daemon's own word on lines that are missing.
audit_log::entry gap_of(std::uint64_t lines)
{
    admin::requester const daemon{::geteuid(), ::getegid(), ::getpid()};
    return {daemon, "audit lines lost", std::to_string(lines), 500, "failed"};
}

// Half a line is worse than none. Only if nobody wrote behind it.
void take_back(int handle, std::size_t written)
{
    struct ::stat now {};
    if (written == 0 || ::fstat(handle, &now) != 0 || !S_ISREG(now.st_mode))
        return;
    auto const before = now.st_size - static_cast<::off_t>(written);
    if (before < 0 || ::ftruncate(handle, before) != 0)
        return;
}

}  // namespace

audit_log::~audit_log()
{
    if (handle_ >= 0)
        ::close(handle_);
}

std::string audit_log::open(std::string const& file)
{
    // Whoever should read a pipe must be there, and cannot hold the daemon up.
    constexpr auto how = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    auto const opened = ::open(file.c_str(), how, 0600);
    if (opened < 0)
        return "it cannot be opened: " + system_text(errno);
    if (handle_ >= 0)
        ::close(handle_);
    file_ = file;
    handle_ = opened;
    return {};
}

void audit_log::write(entry const& done)
{
    log::write_audit(
        {{"uid", done.who.uid},
         {"pid", done.who.pid},
         {"what", done.what},
         {"subject", shown(done.subject)},
         {"result", done.result},
         log::field::if_any("suppressed", done.suppressed)}
    );
    if (handle_ < 0)
        return;
    if (auto why = write_to_file(done); why.empty())
        failing_ = {};
    else
        tell_failure(std::move(why));
}

std::uint64_t audit_log::lost() const noexcept
{
    return handle_ < 0 ? log::lost_audit_lines() : lost_;
}

// Empty, or why it is not there.
std::string audit_log::write_to_file(entry const& done)
{
    if (is_another(handle_, file_))
        if (auto why = open(file_); !why.empty())
            return why;
    if (lost_ > told_) {
        if (auto why = append(json_line(gap_of(lost_ - told_))); !why.empty())
            return why;
        told_ = lost_;
    }
    return append(json_line(done));
}

std::string audit_log::append(std::string const& line)
{
    std::string_view rest{line};
    while (!rest.empty()) {
        auto const written = ::write(handle_, rest.data(), rest.size());
        if (written > 0) {
            rest.remove_prefix(static_cast<std::size_t>(written));
        } else if (written == 0 || errno != EINTR) {
            auto why = system_text(written == 0 ? ENOSPC : errno);
            take_back(handle_, line.size() - rest.size());
            return why;
        }
    }
    return {};
}

void audit_log::tell_failure(std::string why)
{
    ++lost_;
    if (failing_.why.empty())
        failing_.since = read_wall_clock();
    failing_.why = std::move(why);
    log::write(
        log::level::error,
        "audit log cannot be written",
        {{"file", file_}, {"lost", lost_}, {"detail", failing_.why}}
    );
}

}  // namespace gatehouse
