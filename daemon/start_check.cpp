#include "start_check.h"

#include "base/descriptor.h"
#include "base/user_group.h"
#include "net/endpoints.h"

#include <boost/system/error_code.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace gatehouse {

namespace {

namespace fs = std::filesystem;

std::string system_says(int failure)
{
    return boost::system::error_code{failure, boost::system::system_category()}.message();
}

bool is_capable_of(unsigned capability)
{
    ::__user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<::__user_cap_data_struct, 2> data{};
    if (::syscall(SYS_capget, &header, data.data()) != 0)
        return false;
    return (data.at(capability / 32).effective >> capability % 32 & 1U) != 0;
}

std::uint16_t first_unprivileged_port()
{
    static constexpr std::uint16_t usual = 1024;
    std::ifstream file{"/proc/sys/net/ipv4/ip_unprivileged_port_start"};
    std::uint16_t port = 0;
    return file >> port ? port : usual;
}

// The kernel knows which addresses are this machine's: a socket is bound there, to any free port.
int try_address(config::endpoint const& at, config::transport over)
{
    auto address = to_socket_address(at);
    address.port(0);
    auto const kind = over == config::transport::udp ? SOCK_DGRAM : SOCK_STREAM;
    descriptor const probe{::socket(address.protocol().family(), kind | SOCK_CLOEXEC, 0)};
    if (probe.get() < 0)
        return errno;
    auto const size = static_cast<::socklen_t>(address.size());
    return ::bind(probe.get(), address.data(), size) == 0 ? 0 : errno;
}

class start_check {
public:
    start_check(std::string const& file, config::problems& found) : file_{file}, found_{found} {}

    void address(config::endpoint const& at, config::transport over, config::position where);
    void admin_socket(
        config::admin_options const& wanted, config::source_positions::admin_socket const& where
    );
    void audit_file(std::string const& path, config::position where);

private:
    void report(config::position where, std::string text)
    {
        found_.push_back({file_, where.line, where.column, std::move(text)});
    }
    bool directory_of(std::string const& path, std::string_view what, config::position where);
    void group(std::string const& name, config::position where);

    std::string const& file_;
    config::problems& found_;
};

void start_check::address(
    config::endpoint const& at, config::transport over, config::position where
)
{
    if (auto const failure = try_address(at, over); failure != 0) {
        auto const advice = failure == EADDRNOTAVAIL
                                ? std::string{"; it is no address of this machine: \"ip address\" "
                                              "lists those, \"0.0.0.0\" and \"[::]\" are all"}
                                : std::string{};
        report(where, at.ip + " cannot be bound: " + system_says(failure) + advice);
        return;
    }
    auto const first = first_unprivileged_port();
    if (at.port != 0 && at.port < first && !is_capable_of(CAP_NET_BIND_SERVICE))
        report(
            where,
            "port " + std::to_string(at.port) + " cannot be bound by this user; choose one from " +
                std::to_string(first) + " on, or give the daemon CAP_NET_BIND_SERVICE"
        );
}

// Can a file be made there?
bool start_check::directory_of(
    std::string const& path, std::string_view what, config::position where
)
{
    auto directory = fs::path{path}.parent_path().string();
    if (directory.empty())
        directory = ".";
    struct ::stat facts {};
    std::string why;
    if (::stat(directory.c_str(), &facts) != 0)
        why = system_says(errno) + "; make it first";
    else if (!S_ISDIR(facts.st_mode))
        why = "it is no directory";
    else if (::faccessat(AT_FDCWD, directory.c_str(), W_OK | X_OK, AT_EACCESS) != 0)
        why = system_says(errno) + "; the daemon's user must be able to write to it";
    if (why.empty())
        return true;
    report(where, std::string{what} + " cannot be made in " + directory + ": " + why);
    return false;
}

void start_check::group(std::string const& name, config::position where)
{
    auto const known = group_by_name(name);
    if (!known) {
        report(
            where, "there is no group \"" + name + "\"; make one with: groupadd --system " + name
        );
        return;
    }
    std::vector<::gid_t> own(static_cast<std::size_t>(std::max(::getgroups(0, nullptr), 0)));
    if (!own.empty() && ::getgroups(static_cast<int>(own.size()), own.data()) < 0)
        own.clear();
    own.push_back(::getegid());
    bool const may_give =
        is_capable_of(CAP_CHOWN) || std::find(own.begin(), own.end(), *known) != own.end();
    if (!may_give)
        report(
            where,
            "the daemon's user is not in the group \"" + name +
                "\" and so cannot give it the socket; make it a member"
        );
}

void start_check::admin_socket(
    config::admin_options const& wanted, config::source_positions::admin_socket const& where
)
{
    if (!wanted.group.empty())
        group(wanted.group, where.group);
    struct ::stat there {};
    if (::lstat(wanted.socket.c_str(), &there) == 0 && !S_ISSOCK(there.st_mode)) {
        report(
            where.socket,
            "cannot bind " + wanted.socket +
                ": it is there and is no socket; remove it, or choose another path"
        );
        return;
    }
    directory_of(wanted.socket, "the administration socket", where.socket);
}

void start_check::audit_file(std::string const& path, config::position where)
{
    struct ::stat there {};
    if (::stat(path.c_str(), &there) != 0) {
        directory_of(path, "the audit log", where);
        return;
    }
    if (!S_ISREG(there.st_mode) && !S_ISCHR(there.st_mode))
        report(where, "the audit log " + path + " is not a regular file; choose another path");
    else if (::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0)
        report(where, "the audit log " + path + " cannot be written: " + system_says(errno));
}

}  // namespace

void check_start(
    config::settings const& settings, std::string const& config_file, config::problems& found
)
{
    start_check check{config_file, found};
    auto const& slots = settings.positions;
    for (std::size_t i = 0; i < settings.listeners.size(); ++i) {
        auto const& listener = settings.listeners[i];
        check.address(listener.bind, listener.transport, slots.binds[i]);
    }
    if (settings.metrics_enabled)
        check.address(settings.metrics, config::transport::tcp, slots.metrics);
    if (!settings.admin_enabled)
        return;
    check.admin_socket(settings.admin, slots.admin);
    if (settings.admin_read_only_enabled)
        check.admin_socket(settings.admin_read_only, slots.admin_read_only);
    if (!settings.audit_file.empty())
        check.audit_file(settings.audit_file, slots.audit);
}

}  // namespace gatehouse
