#include "base/user_group.h"

#include <cerrno>
#include <cstddef>
#include <vector>

#include <grp.h>

namespace gatehouse {

std::optional<::gid_t> group_by_name(std::string const& name)
{
    // Holds the names of the members, of which there may be any number.
    constexpr std::size_t usual = 1024;
    constexpr std::size_t most = std::size_t{1} << 20;
    for (std::size_t size = usual; size <= most; size *= 2) {
        std::vector<char> text(size);
        ::group found{};
        ::group* known = nullptr;
        if (::getgrnam_r(name.c_str(), &found, text.data(), text.size(), &known) != ERANGE)
            return known == nullptr ? std::nullopt : std::optional{found.gr_gid};
    }
    return std::nullopt;
}

}  // namespace gatehouse
