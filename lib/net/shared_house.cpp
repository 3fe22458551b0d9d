#include "net/shared_house.h"

#include "base/assert.h"

#include <algorithm>

namespace gatehouse {

namespace {

template <class Named>
std::size_t index_of(std::vector<Named> const& list, std::string const& name)
{
    auto const found =
        std::find_if(list.begin(), list.end(), [&](Named const& one) { return one.name == name; });
    GATEHOUSE_ASSERT(found != list.end());
    return static_cast<std::size_t>(found - list.begin());
}

}  // namespace

std::size_t shared_house::credentials_of(config::listener const& listener) const
{
    return index_of(settings.credentials, listener.credentials);
}

std::size_t shared_house::backend_of(config::listener const& listener) const
{
    return index_of(settings.backends, listener.backend);
}

}  // namespace gatehouse
