#include "audit_log.h"

#include "json_time.h"
#include "net/clock.h"
#include "net/log.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse {

namespace {

std::string text_of(int failure)
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

}  // namespace

audit_log::~audit_log()
{
    if (handle_ >= 0)
        ::close(handle_);
}

std::string audit_log::open(std::string const& file)
{
    auto const opened = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (opened < 0)
        return "the audit log " + file + " cannot be written: " + text_of(errno);
    if (handle_ >= 0)
        ::close(handle_);
    file_ = file;
    handle_ = opened;
    return {};
}

void audit_log::write(entry const& done)
{
    log::write(
        log::level::info,
        "audit",
        {{"uid", done.who.uid},
         {"pid", done.who.pid},
         {"what", done.what},
         {"subject", done.subject},
         {"result", done.result}}
    );
    if (handle_ < 0)
        return;
    if (is_another(handle_, file_))
        open(file_);
    auto const line = boost::json::serialize(boost::json::object{
                          {"time", json_time(read_wall_clock())},
                          {"uid", done.who.uid},
                          {"gid", done.who.gid},
                          {"pid", done.who.pid},
                          {"what", done.what},
                          {"subject", done.subject},
                          {"status", done.status},
                          {"result", done.result},
                      }) +
                      '\n';
    auto const written = ::write(handle_, line.data(), line.size());
    if (written != static_cast<::ssize_t>(line.size()))
        log::write(
            log::level::error,
            "audit log cannot be written",
            {{"file", file_}, {"detail", written < 0 ? text_of(errno) : "the disk is full"}}
        );
}

}  // namespace gatehouse
