#include "identity/listed_device.h"

#include "crypto/equal.h"
#include "identity/device_table.h"

namespace gatehouse::identity {

namespace {

key_mark mark_of(psk_device const& device, pre_shared_key const& key) noexcept
{
    if (key.revoked || device.state == device_state::revoked)
        return key_mark::revoked;
    return device.state == device_state::disabled ? key_mark::disabled : key_mark::accepted;
}

bool same_key(enrolled_key const& one, enrolled_key const& other)
{
    return one.id == other.id && one.window == other.window && one.mark == other.mark &&
           crypto::equal(one.value, other.value);
}

}  // namespace

std::string_view listed_device::name() const noexcept
{
    return device_ != nullptr ? std::string_view{device_->name} : table_->name(row_);
}

device_state listed_device::state() const noexcept
{
    return device_ != nullptr ? device_->state : table_->state(row_);
}

session_id_length listed_device::legacy_session_id() const noexcept
{
    return device_ != nullptr ? device_->legacy_session_id : table_->legacy_session_id(row_);
}

std::size_t listed_device::key_count() const noexcept
{
    return device_ != nullptr ? device_->keys.size() : table_->key_count(row_);
}

enrolled_key listed_device::key(std::size_t index) const noexcept
{
    if (device_ == nullptr)
        return table_->key(row_, index);
    auto const& key = device_->keys[index];
    return {key.id, key.window, mark_of(*device_, key), key.value.expose()};
}

bool same_device(listed_device const& one, listed_device const& other) noexcept
{
    if (one.name() != other.name() || one.state() != other.state() ||
        one.legacy_session_id() != other.legacy_session_id() ||
        one.key_count() != other.key_count())
        return false;
    for (std::size_t i = 0; i < one.key_count(); ++i)
        if (!same_key(one.key(i), other.key(i)))
            return false;
    return true;
}

}  // namespace gatehouse::identity
