#include "gateway/session_table.h"

#include "wire/reader.h"

#include <array>

namespace gatehouse {

session_id session_table::issue()
{
    for (;;) {
        std::array<std::uint8_t, 8> drawn{};
        random_.fill(drawn);
        auto const id = session_id::make(worker_, node_, wire::reader{drawn}.big<std::uint64_t>());
        if (id != session_id{} && !sessions_.contains(id))
            return id;
    }
}

live_session* session_table::find(session_id id) const
{
    auto const found = sessions_.find(id);
    return found == sessions_.end() ? nullptr : found->second;
}

std::vector<session_id> session_table::ids() const
{
    std::vector<session_id> all;
    all.reserve(sessions_.size());
    for (auto const& [id, live] : sessions_)
        all.push_back(id);
    return all;
}

}  // namespace gatehouse
