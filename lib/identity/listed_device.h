// A device's entry as it stands in a keyring.
#pragma once

#include "base/bytes.h"
#include "identity/psk_device.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gatehouse::identity {

class device_table;

// What becomes of a proof with this key, apart from its window.
enum class key_mark : std::uint8_t { accepted, revoked, disabled };

struct enrolled_key {
    key_index id = 0;
    key_window window;
    key_mark mark = key_mark::accepted;
    bytes value;  // lives as long as what it was found in

    bool accepted_at(wall_time now) const noexcept
    {
        return mark == key_mark::accepted && window.open_at(now);
    }
};

// A view, as small as two pointers; valid as long as the keyring that it comes from.
class listed_device {
public:
    // Of a device that lives elsewhere.
    explicit listed_device(psk_device const& device) noexcept : device_{&device} {}
    // A row of a table.
    listed_device(device_table const& table, std::uint32_t row) noexcept : table_{&table}, row_{row}
    {
    }

    std::string_view name() const noexcept;  // empty: none
    device_state state() const noexcept;
    session_id_length legacy_session_id() const noexcept;

    // Newest first. `index` is below `key_count`.
    std::size_t key_count() const noexcept;
    enrolled_key key(std::size_t index) const noexcept;

private:
    psk_device const* device_ = nullptr;
    device_table const* table_ = nullptr;
    std::uint32_t row_ = 0;
};

// Do both say the same, secrets included? Secrets are compared in constant time.
bool same_device(listed_device const& one, listed_device const& other) noexcept;

}  // namespace gatehouse::identity
