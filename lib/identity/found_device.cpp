#include "identity/found_device.h"

namespace gatehouse::identity {

std::size_t found_device::key_count() const noexcept
{
    return listed_ ? listed_->key_count() : derived_count_;
}

enrolled_key found_device::key(std::size_t index) const noexcept
{
    if (listed_)
        return listed_->key(index);
    auto const& from = *masters_[index];
    return {from.id, from.window, key_mark::accepted, derived_[index].expose()};
}

session_id_length found_device::legacy_session_id() const noexcept
{
    return listed_ ? listed_->legacy_session_id() : session_id_length::unknown;
}

}  // namespace gatehouse::identity
