#include "refused_connection.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <grp.h>
#include <sys/stat.h>

namespace gatehouse::ctl {

namespace {

std::string group_name(::gid_t id)
{
    std::array<char, 4096> memory{};
    ::group entry{};
    ::group* found = nullptr;
    if (::getgrgid_r(id, &entry, memory.data(), memory.size(), &found) != 0 || !found)
        return std::to_string(id);
    return entry.gr_name;
}

failure denied(std::string const& path)
{
    auto text = "permission denied at " + path +
                ": root, the daemon's user and the group of the setting admin.group may use it";
    struct ::stat facts {};
    if (::stat(path.c_str(), &facts) == 0)
        text += " (the socket belongs to the group " + group_name(facts.st_gid) + ")";
    return {"forbidden", text};
}

std::string meaning(std::string const& path, int reason)
{
    struct ::stat facts {};
    if (reason == ENOENT)
        return "there is no such socket; is gatehoused running, and is this its admin.socket?";
    if (reason == ECONNREFUSED && ::stat(path.c_str(), &facts) == 0 && !S_ISSOCK(facts.st_mode))
        return "that is no socket";
    if (reason == ECONNREFUSED)
        return "nobody listens on the socket; is gatehoused running?";
    if (reason == EAGAIN)
        return "it is busy, too many connections wait; try again";
    std::array<char, 256> memory{};
    return ::strerror_r(reason, memory.data(), memory.size());
}

}  // namespace

failure refused_connection(std::string const& path, int reason)
{
    if (reason == EACCES || reason == EPERM)
        return denied(path);
    return {"no_daemon", "no daemon at " + path + ": " + meaning(path, reason)};
}

}  // namespace gatehouse::ctl
