// What each sender holds of a memory that all share: how much, and the order in which it goes.
//
// Part of duplicate_cache, on its worker's thread. No heap once it has grown.
#pragma once

#include "identity/device_id.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace gatehouse::pssst {

class sender_table {
public:
    using number = std::uint32_t;
    static constexpr number nobody = std::numeric_limits<number>::max();

    struct sender {
        identity::device_id device;
        number held = 0;         // entries
        number oldest = nobody;  // of its entries that have ended, in that order
        number newest = nobody;
        number next = nobody;  // in its bucket, or unused
    };

    sender_table();

    // The sender's place; made when there is none. `let_go` gives it back.
    number slot_of(identity::device_id const& device);
    sender& at(number slot) noexcept { return all_[slot]; }

    // If it holds nothing.
    void let_go(number slot) noexcept;

    std::size_t size() const noexcept { return size_; }

private:
    number& bucket_of(identity::device_id const& device) noexcept;
    void grow();

    std::vector<sender> all_;
    std::vector<number> buckets_;
    number unused_ = nobody;
    std::size_t size_ = 0;
};

}  // namespace gatehouse::pssst
