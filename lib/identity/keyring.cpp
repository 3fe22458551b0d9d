#include "identity/keyring.h"

#include "base/assert.h"
#include "crypto/equal.h"
#include "crypto/hkdf.h"

#include <algorithm>
#include <utility>

namespace gatehouse::identity {

namespace {

// Each snapshot copies the map of changes, so it is kept small; packing anew costs the whole base.
constexpr std::size_t few_changes = 64;
constexpr std::size_t most_changes = 4096;
constexpr std::size_t part_of_base = 8;

std::size_t count_generations(std::vector<master_key> const& masters)
{
    std::size_t most = 0;
    for (auto const& inner : masters) {
        auto const covering = std::count_if(masters.begin(), masters.end(), [&](auto const& outer) {
            return outer.devices.covers(inner.devices);
        });
        most = std::max(most, static_cast<std::size_t>(covering));
    }
    return most;
}

std::optional<key_state> state_of(key_mark mark, key_window const& window, wall_time now) noexcept
{
    switch (mark) {
    case key_mark::accepted:
        return state_of(window, now);
    case key_mark::revoked:
        return key_state::revoked;
    case key_mark::disabled:
        break;
    }
    return std::nullopt;
}

// Whoever has no key is known by the gateway key alone.
psk_device entry_of_anonymous(std::vector<gateway_key> const& gateway_keys)
{
    psk_device made;
    for (auto const& key : gateway_keys)
        made.keys.push_back({
            key.id,
            key.window,
            secret_bytes{key.public_key},
            key.mark == key_mark::revoked,
        });
    return made;
}

// Adds `change` for each key of the device.
template <class Add>
void tally_device(listed_device const& device, wall_time now, std::ptrdiff_t change, Add const& add)
{
    for (std::size_t i = 0; i < device.key_count(); ++i) {
        auto const key = device.key(i);
        if (auto const state = state_of(key.mark, key.window, now))
            add(key.id, *state, change);
    }
    if (device.key_count() == 0 && device.state() == device_state::revoked)
        add(device_table::no_key, key_state::revoked, change);
}

std::optional<enrolled_key> key_of(listed_device const& entry, key_index wanted)
{
    for (std::size_t i = 0; i < entry.key_count(); ++i)
        if (auto const key = entry.key(i); key.id == wanted)
            return key;
    return std::nullopt;
}

void change_by(std::size_t& count, std::ptrdiff_t change) noexcept
{
    count = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(count) + change);
}

}  // namespace

keyring::keyring(parts contents, secret_bytes decoy)
    : key_ids_{std::move(contents.key_ids)}
    , base_{contents.devices.finish()}
    , device_count_{base_->size()}
{
    GATEHOUSE_ASSERT(contents.masters.size() <= most_masters);
    unlisted made;
    made.kind = contents.kind;
    made.anonymous = contents.anonymous;
    made.wildcard = contents.anonymous ? std::optional{entry_of_anonymous(contents.gateway_keys)}
                                       : std::move(contents.wildcard);
    made.keyed = keyed_peers{std::move(contents.gateway_keys), std::move(contents.peers)};
    made.masters = std::move(contents.masters);
    made.extras = std::move(contents.extras);
    made.decoy = std::move(decoy);
    made.derivations = count_generations(made.masters);
    GATEHOUSE_ASSERT(made.derivations <= most_generations);
    if (made.derivations > 0)
        made.decoy_master = extract_master(made.decoy.expose());
    fleet_ = std::make_shared<unlisted const>(std::move(made));
    settle();
}

keyring::keyring(keyring const& before, keyring_changes&& changes)
    : key_ids_{changes.key_ids.empty() ? before.key_ids_ : changes.key_ids}
    , base_{before.base_}
    , changed_{before.changed_}
    , fleet_{before.fleet_}
    , device_count_{before.device_count_}
{
    GATEHOUSE_ASSERT(fleet_->kind == key_kind::psk);
    GATEHOUSE_ASSERT(
        key_ids_.size() >= before.key_ids_.size() &&
        std::equal(before.key_ids_.begin(), before.key_ids_.end(), key_ids_.begin())
    );
    for (auto& [id, entry] : changes.devices)
        apply(id, std::move(entry));
    if (is_worn())
        pack();
    settle();
}

std::shared_ptr<keyring const> keyring::with(keyring_changes changes) const
{
    return std::shared_ptr<keyring const>{new keyring{*this, std::move(changes)}};
}

void keyring::apply(device_id const& id, std::optional<psk_device>&& entry)
{
    bool const was = find_listed(id).has_value();
    bool const stays = entry.has_value();
    change_by(device_count_, static_cast<std::ptrdiff_t>(stays) - static_cast<std::ptrdiff_t>(was));
    if (stays) {
        GATEHOUSE_ASSERT(
            entry->keys.size() <= most_device_keys && entry->name.size() <= longest_device_name
        );
        changed_[id] = std::make_shared<psk_device const>(std::move(*entry));
    } else if (base_->find(id)) {
        changed_[id] = nullptr;
    } else {
        changed_.erase(id);
    }
}

bool keyring::is_worn() const noexcept
{
    return changed_.size() > changes_before_packing(base_->size());
}

std::size_t keyring::changes_before_packing(std::size_t devices) noexcept
{
    return std::clamp(devices / part_of_base, few_changes, most_changes);
}

void keyring::pack()
{
    device_table_builder packed;
    for_each_device([&](device_id const& id, listed_device const& device) {
        packed.add(id, device);
    });
    base_ = packed.finish();
    changed_.clear();
}

void keyring::settle() noexcept
{
    trials_ = std::max({std::size_t{1}, base_->most_keys(), fleet_->derivations});
    if (fleet_->wildcard)
        trials_ = std::max(trials_, fleet_->wildcard->keys.size());
    for (auto const& [id, device] : changed_)
        if (device)
            trials_ = std::max(trials_, device->keys.size());
}

found_device keyring::find(device_id const& id, crypto::hkdf_sha256& hkdf) const
{
    found_device found;
    found.listed_ = find_listed(id);
    std::size_t covering = 0;
    for (auto const& master : fleet_->masters)
        if (master.devices.covers(id))
            found.masters_[covering++] = &master;
    if (!found.listed_)
        found.derived_count_ = covering;
    for (std::size_t i = 0; i < fleet_->derivations; ++i) {
        bool const real = i < found.derived_count_;
        auto const& master = real ? found.masters_[i]->extracted : fleet_->decoy_master;
        derive_psk(master, id, hkdf, found.derived_[i]);
    }
    if (!found.enrolled())
        found.listed_ = wildcard();
    return found;
}

std::optional<enrolled_key> keyring::peer_key(device_id const& device, key_index gateway_key) const
{
    if (keyed().find_gateway_key(gateway_key) == nullptr)
        return std::nullopt;
    auto const entry = device == anonymous_device() ? wildcard() : find_listed(device);
    return entry ? key_of(*entry, gateway_key) : std::nullopt;
}

std::optional<key_index> keyring::index_of(std::string_view key_id) const noexcept
{
    auto const found = std::find(key_ids_.begin(), key_ids_.end(), key_id);
    if (found == key_ids_.end())
        return std::nullopt;
    return static_cast<key_index>(found - key_ids_.begin());
}

std::optional<listed_device> keyring::find_listed(device_id const& id) const noexcept
{
    if (!changed_.empty()) {
        auto const found = changed_.find(id);
        if (found != changed_.end())
            return found->second ? std::optional{listed_device{*found->second}} : std::nullopt;
    }
    auto const row = base_->find(id);
    return row ? std::optional{listed_device{*base_, *row}} : std::nullopt;
}

std::optional<listed_device> keyring::wildcard() const noexcept
{
    auto const& entry = fleet_->wildcard;
    return entry ? std::optional{listed_device{*entry}} : std::nullopt;
}

void keyring::for_each_device(visitor const& visit) const
{
    for (std::uint32_t row = 0; row < base_->size(); ++row)
        if (!changed_.contains(base_->id(row)))
            visit(base_->id(row), listed_device{*base_, row});
    for (auto const& [id, device] : changed_)
        if (device)
            visit(id, listed_device{*device});
}

// All keys but the masters'. The base is counted already, by kind.
template <class Add>
void keyring::tally(wall_time now, Add const& add) const
{
    for (auto const& kind : base_->kinds())
        if (auto const state = state_of(kind.mark, kind.window, now))
            add(kind.id, *state, static_cast<std::ptrdiff_t>(kind.count));
    for (auto const& [id, device] : changed_) {
        if (auto const row = base_->find(id))
            tally_device(listed_device{*base_, *row}, now, -1, add);
        if (device)
            tally_device(listed_device{*device}, now, 1, add);
    }
    if (auto const entry = wildcard())
        tally_device(*entry, now, 1, add);
}

key_counts keyring::counts(wall_time now) const
{
    key_counts counted;
    tally(now, [&](key_index, key_state state, std::ptrdiff_t change) {
        change_by(counted[state], change);
    });
    for (auto const& master : masters())
        ++counted[state_of(master.window, now)];
    return counted;
}

std::vector<key_counts> keyring::counts_by_key(wall_time now) const
{
    std::vector<key_counts> counted(key_ids_.size());
    tally(now, [&](key_index key, key_state state, std::ptrdiff_t change) {
        if (key < counted.size())
            change_by(counted[key][state], change);
    });
    return counted;
}

std::optional<secret_bytes> keyring::derived_for(device_id const& device, key_index key) const
{
    if (kind() != key_kind::psk || find_listed(device))
        return std::nullopt;
    for (auto const& master : masters()) {
        if (master.id != key || !master.devices.covers(device))
            continue;
        crypto::hkdf_sha256 hkdf;
        derived_key derived;
        derive_psk(master.extracted, device, hkdf, derived);
        return secret_bytes{derived.expose()};
    }
    return std::nullopt;
}

bool keyring::surely_agrees(keyring const& other, device_id const& device) const noexcept
{
    if (this == &other)
        return true;
    if (base_ != other.base_ || fleet_ != other.fleet_)
        return false;
    auto const entry_in = [&](delta const& changed) {
        auto const found = changed.find(device);
        return std::pair{found != changed.end(), found != changed.end() ? found->second : nullptr};
    };
    return entry_in(changed_) == entry_in(other.changed_);
}

bool keyring::agrees_on_unlisted(keyring const& other) const noexcept
{
    if (fleet_ == other.fleet_)
        return true;
    if (kind() != key_kind::psk || other.kind() != key_kind::psk)
        return false;
    auto const same_master = [](master_key const& one, master_key const& two) {
        return one.id == two.id && one.window == two.window && one.devices == two.devices &&
               crypto::equal(one.extracted.expose(), two.extracted.expose());
    };
    auto const mine = wildcard();
    auto const theirs = other.wildcard();
    return std::ranges::equal(masters(), other.masters(), same_master) &&
           mine.has_value() == theirs.has_value() && (!mine || same_device(*mine, *theirs));
}

}  // namespace gatehouse::identity
