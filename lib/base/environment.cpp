#include "base/environment.h"

#include <cstdlib>

namespace gatehouse {

std::string_view environment(char const* name) noexcept
{
    // NOLINTNEXTLINE(concurrency-mt-unsafe): this process never changes its environment
    auto const* const set = std::getenv(name);
    return set ? std::string_view{set} : std::string_view{};
}

}  // namespace gatehouse
