// A table by device: as small as it can be for six-byte ids, of which a fleet has very many.
#pragma once

#include "identity/device_id.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace gatehouse {

template <class Value>
class device_slots {
public:
    // nullptr when there is none. Valid until the table changes.
    Value* find(identity::device_id const& device)
    {
        return is_short(device) ? find_in(short_, key_of(device)) : find_in(long_, device);
    }
    Value const* find(identity::device_id const& device) const
    {
        return const_cast<device_slots&>(*this).find(device);
    }

    // Made when there is none.
    Value& operator[](identity::device_id const& device)
    {
        return is_short(device) ? short_[key_of(device)] : long_[device];
    }

    void erase(identity::device_id const& device)
    {
        is_short(device) ? short_.erase(key_of(device)) : long_.erase(device);
    }

    std::size_t size() const noexcept { return short_.size() + long_.size(); }

private:
    using short_key = std::array<std::uint8_t, identity::device_id::mac_size>;

    struct hash {
        std::size_t operator()(short_key const& key) const noexcept
        {
            return hash_value(identity::device_id::from_mac(key));
        }
    };

    static bool is_short(identity::device_id const& device) noexcept
    {
        return device.raw().size() == identity::device_id::mac_size;
    }
    static short_key key_of(identity::device_id const& device) noexcept
    {
        short_key key{};
        auto const raw = device.raw();
        std::copy(raw.begin(), raw.end(), key.begin());
        return key;
    }

    template <class Map, class Key>
    static Value* find_in(Map& map, Key const& key)
    {
        auto const found = map.find(key);
        return found == map.end() ? nullptr : &found->second;
    }

    boost::unordered_flat_map<short_key, Value, hash> short_;
    boost::unordered_flat_map<identity::device_id, Value> long_;
};

}  // namespace gatehouse
