// From devices with their keys to rows.
#pragma once

#include "base/time.h"
#include "store/failure.h"
#include "store/statement.h"
#include "store/store_parts.h"
#include "store/stored_device.h"

#include <cstdint>
#include <utility>

namespace gatehouse::store {

// Writes within the change that its user has begun. Statements are prepared once for many rows.
class row_writer {
public:
    static outcome<row_writer> over(store_parts& where);

    // Failures: exists, unfit_value, too_many_keys.
    outcome<> insert(new_device const& device, wall_time now);

    enum class written : std::uint8_t { inserted, replaced };
    // The same; what the device had before is gone, but for when it was created.
    outcome<written> insert_or_replace(new_device const& device, wall_time now);

    // The device is there and has no key of this id.
    struct ranked {
        new_key const& key;
        std::int64_t rank;
    };
    outcome<> insert_key(identity::device_id const& device, ranked key, wall_time now);

private:
    struct statements {
        statement insert_device;
        statement update_device;
        statement delete_keys;
        statement insert_key;
    };

    row_writer(store_parts& where, statements prepared)
        : where_{&where}
        , prepared_{std::move(prepared)}
    {
    }

    outcome<> insert_keys(new_device const& device, wall_time now);

    store_parts* where_;
    statements prepared_;
};

}  // namespace gatehouse::store
