#include "device/usmp_release.h"

#include "base/assert.h"

#include <algorithm>
#include <array>

namespace gatehouse::device {

namespace {

constexpr std::array<usmp_release, 7> releases{{
    {"0.2", &usmp::r0_2, 0, false, false, 0},
    {"0.3", &usmp::r0_3, 0, false, false, 0},
    {"0.4.7", &usmp::r0_4_7, 0, false, true, 0},
    {"0.5", &usmp::r0_5, 0, false, true, 0},
    {"1.0", &usmp::r1_0, 0, false, true, 0},
    {"1.1", &usmp::r1_2, usmp::hello_ack_sequence_1_1, false, true, 1},
    {"1.2", &usmp::r1_2, usmp::hello_ack_sequence_1_1, true, true, 1},
}};

}  // namespace

std::span<usmp_release const> usmp_releases() noexcept
{
    return releases;
}

usmp_release const* find_usmp_release(std::string_view name) noexcept
{
    auto const* const found = std::find_if(releases.begin(), releases.end(), [&](auto const& r) {
        return r.name == name;
    });
    return found == releases.end() ? nullptr : found;
}

usmp_release const& usmp_release_of(usmp::profile const& how) noexcept
{
    auto const* const found = find_usmp_release(how.release);
    GATEHOUSE_ASSERT(found != nullptr);
    return *found;
}

}  // namespace gatehouse::device
