#include "base/file_privacy.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include <unistd.h>

namespace gatehouse {

namespace {

bool is_own_group(::gid_t group)
{
    if (group == ::getegid())
        return true;
    auto const count = ::getgroups(0, nullptr);
    if (count <= 0)
        return false;
    std::vector<::gid_t> all(static_cast<std::size_t>(count));
    auto const got = ::getgroups(count, all.data());
    all.resize(static_cast<std::size_t>(std::max(got, 0)));
    return std::find(all.begin(), all.end(), group) != all.end();
}

// Whoever owns the file and may write it needs no group to read it.
bool is_given_by_group(struct ::stat const& facts)
{
    bool const is_own = facts.st_uid == ::geteuid();
    bool const is_writable = (facts.st_mode & 0222) != 0;
    return (facts.st_mode & 0077) == 0040 && is_own_group(facts.st_gid) && !(is_own && is_writable);
}

}  // namespace

std::string octal_mode(::mode_t mode)
{
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "%04o", static_cast<unsigned>(mode & 07777));
    return text.data();
}

std::optional<std::string> privacy_problem(
    std::string const& path, struct ::stat const& facts, group_bits shown
)
{
    if (!S_ISREG(facts.st_mode))
        return "is not a regular file";
    auto const user = ::geteuid();
    if (facts.st_uid != 0 && facts.st_uid != user)
        return "is owned by another user (uid " + std::to_string(facts.st_uid) +
               "); it must belong to root or to the user of this process (uid " +
               std::to_string(user) + ')';
    ::mode_t const others = shown == group_bits::access_list ? 0007 : 0077;
    if ((facts.st_mode & others) == 0 || is_given_by_group(facts))
        return std::nullopt;
    bool const stranger = (facts.st_mode & 0070) != 0 && !is_own_group(facts.st_gid);
    return "is open to other users (mode " + octal_mode(facts.st_mode) +
           (stranger ? ", group " + std::to_string(facts.st_gid) + ", which this process is not in"
                     : std::string{}) +
           "); close it with: chmod 600 " + path;
}

}  // namespace gatehouse
