#include "identity/key_names.h"

namespace gatehouse::identity {

key_names::key_names(std::vector<std::string> before) : ids_{std::move(before)}
{
    for (std::size_t i = 0; i < ids_.size(); ++i)
        indexes_.emplace(ids_[i], static_cast<key_index>(i));
}

key_index key_names::intern(std::string_view id)
{
    auto const next = static_cast<key_index>(ids_.size());
    auto const [found, made] = indexes_.emplace(id, next);
    if (made)
        ids_.emplace_back(id);
    return found->second;
}

}  // namespace gatehouse::identity
