#include "identity/device_table.h"

#include "base/assert.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace gatehouse::identity {

namespace {

// Places and counts have 32 bits.
constexpr std::size_t most = std::size_t{1} << 31;

constexpr std::size_t devices_a_bucket = 2;

std::uint32_t number_of(std::size_t count) noexcept
{
    GATEHOUSE_ASSERT(count < most);
    return static_cast<std::uint32_t>(count);
}

}  // namespace

// The hash of a device id is not spread enough by itself.
std::size_t device_table::bucket_of(device_id const& id) const noexcept
{
    std::uint64_t mixed = hash_value(id);
    mixed = (mixed ^ mixed >> 32) * 0x9e3779b97f4a7c15ULL;
    return static_cast<std::size_t>((mixed >> 32) * (buckets_.size() - 1) >> 32);
}

std::optional<std::uint32_t> device_table::find(device_id const& id) const noexcept
{
    if (devices_.empty())
        return std::nullopt;
    auto const bucket = bucket_of(id);
    for (auto row = buckets_[bucket]; row < buckets_[bucket + 1]; ++row)
        if (devices_[row].id == id)
            return row;
    return std::nullopt;
}

std::string_view device_table::name(std::uint32_t row) const noexcept
{
    auto const offset = devices_[row].name;
    if (offset == 0)
        return {};
    auto const size = static_cast<std::uint8_t>(names_[offset]);
    return std::string_view{names_}.substr(offset + 1, size);
}

enrolled_key device_table::key(std::uint32_t row, std::size_t index) const noexcept
{
    auto const& device = devices_[row];
    auto const& key = index == 0 ? device.newest : older_keys_[device.older + index - 1];
    auto const& kind = kinds_[key.kind];
    return {kind.id, kind.window, kind.mark, values_.at(key.value, key.size)};
}

device_table_builder::device_table_builder() : made_{std::make_unique<device_table>()} {}

void device_table_builder::add(device_id const& id, listed_device const& device)
{
    auto const count = device.key_count();
    GATEHOUSE_ASSERT(count <= most_device_keys);
    auto& older = made_->older_keys_;
    made_->devices_.push_back({
        id,
        count > 0 ? make_key(device.key(0)) : device_table::key_row{},
        number_of(older.size()),
        add_name(device.name()),
        static_cast<std::uint16_t>(count),
        device.state(),
        device.legacy_session_id(),
    });
    for (std::size_t i = 1; i < count; ++i)
        older.push_back(make_key(device.key(i)));
    if (count == 0 && device.state() == device_state::revoked)
        count_kind({device_table::no_key, wall_time::min(), wall_time::max(), key_mark::revoked});
    made_->most_keys_ = std::max(made_->most_keys_, count);
}

device_table::key_row device_table_builder::make_key(enrolled_key const& key)
{
    return {
        count_kind({key.id, key.window.not_before, key.window.not_after, key.mark}),
        made_->values_.add(key.value),
        static_cast<std::uint16_t>(key.value.size()),
    };
}

std::uint32_t device_table_builder::count_kind(kind_name const& name)
{
    auto const [found, made] = kinds_.emplace(name, number_of(made_->kinds_.size()));
    if (made) {
        auto const& [id, not_before, not_after, mark] = name;
        made_->kinds_.push_back({id, {not_before, not_after}, mark, 0});
    }
    ++made_->kinds_[found->second].count;
    return found->second;
}

std::uint32_t device_table_builder::add_name(std::string_view name)
{
    if (name.empty())
        return 0;
    GATEHOUSE_ASSERT(name.size() <= longest_device_name);
    auto& names = made_->names_;
    if (names.empty())
        names += '\0';  // place 0 is no name
    auto const offset = number_of(names.size());
    names += static_cast<char>(name.size());
    names += name;
    return offset;
}

void device_table_builder::sort_into_buckets()
{
    auto& table = *made_;
    table.buckets_.assign(table.size() / devices_a_bucket + 2, 0);
    for (auto const& device : table.devices_)
        ++table.buckets_[table.bucket_of(device.id)];
    std::partial_sum(table.buckets_.begin(), table.buckets_.end(), table.buckets_.begin());
    // Each bucket is filled from its end, which makes its end its beginning.
    std::vector<device_table::device_row> sorted(table.size());
    for (auto const& device : table.devices_) {
        auto const row = --table.buckets_[table.bucket_of(device.id)];
        sorted[row] = device;
    }
    table.devices_ = std::move(sorted);
    for (std::size_t bucket = 0; bucket + 1 < table.buckets_.size(); ++bucket)
        for (auto row = table.buckets_[bucket]; row < table.buckets_[bucket + 1]; ++row)
            GATEHOUSE_ASSERT(table.find(table.devices_[row].id) == row);  // each stands once
}

std::shared_ptr<device_table const> device_table_builder::finish()
{
    sort_into_buckets();
    kinds_.clear();
    made_->older_keys_.shrink_to_fit();
    made_->kinds_.shrink_to_fit();
    made_->names_.shrink_to_fit();
    return std::shared_ptr<device_table const>{
        std::exchange(made_, std::make_unique<device_table>())};
}

}  // namespace gatehouse::identity
