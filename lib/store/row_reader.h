// From rows to devices with their keys.
#pragma once

#include "store/failure.h"
#include "store/statement.h"
#include "store/store_parts.h"
#include "store/stored_device.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace gatehouse::store {

enum class secrets : std::uint8_t { left_sealed, opened };

// Reads within the transaction that its user has begun.
class row_reader {
public:
    // `selection` is SQL from FROM on; devices are called d in it.
    static outcome<row_reader> over(store_parts& where, std::string_view selection, secrets wanted);

    // For binding what the selection leaves open.
    statement& devices() noexcept { return devices_; }

    // Nothing: that was the last one.
    outcome<std::optional<stored_device>> next();

private:
    row_reader(store_parts& where, secrets wanted, statement devices, statement keys)
        : where_{&where}
        , wanted_{wanted}
        , devices_{std::move(devices)}
        , keys_{std::move(keys)}
    {
    }

    outcome<> read_keys(stored_device& into);
    outcome<secret_bytes> open(bytes sealed, stored_device const& device, std::string_view key_id);

    store_parts* where_;
    secrets wanted_;
    statement devices_;
    statement keys_;
};

}  // namespace gatehouse::store
