#include "identity/listed_device.h"

#include "identity/device_table.h"

namespace gatehouse::identity {

namespace {

key_mark mark_of(psk_device const& device, pre_shared_key const& key) noexcept
{
    if (key.revoked || device.state == device_state::revoked)
        return key_mark::revoked;
    return device.state == device_state::disabled ? key_mark::disabled : key_mark::accepted;
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

}  // namespace gatehouse::identity
