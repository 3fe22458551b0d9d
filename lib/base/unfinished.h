// Who keeps a part of a frame or message that is not whole yet, in the order in which those began:
// when it is too much in all, whoever has waited longest makes way.
//
// One for each pool of blocks, on its worker's thread. Nothing here is searched.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace gatehouse {

class unfinished {
public:
    // A place in the list, until it is dropped.
    using slot = std::uint32_t;
    static constexpr slot nowhere = std::numeric_limits<slot>::max();

    // Asked to let go of what it keeps, and to drop its place.
    struct holder {
        void* who = nullptr;
        void (*yield_to)(void* who) = nullptr;
    };

    // Of which frame is it a part: of the one that the holder waited for already?
    enum class part : std::uint8_t { of_the_same, of_a_new_one };

    explicit unfinished(std::size_t most = std::numeric_limits<std::size_t>::max()) : most_{most} {}
    unfinished(unfinished const&) = delete;
    unfinished& operator=(unfinished const&) = delete;
    ~unfinished() = default;

    // `who` keeps so much now. Others may be asked to make way; never `who`.
    void note(slot& at, holder who, std::size_t size, part what);
    void drop(slot& at) noexcept;

    // From the next that is noted on.
    void set_limit(std::size_t most) noexcept { most_ = most; }

    std::size_t size() const noexcept { return size_; }
    // How many had to make way since the last call.
    std::uint64_t take_made_way() noexcept { return std::exchange(made_way_, 0); }

private:
    struct node {
        holder who;
        std::size_t size = 0;
        slot older = nowhere;
        slot newer = nowhere;
    };

    void append(slot at) noexcept;
    void take_out(slot at) noexcept;

    std::size_t most_;
    std::size_t size_ = 0;
    std::uint64_t made_way_ = 0;
    std::vector<node> nodes_;
    std::vector<slot> free_;
    slot oldest_ = nowhere;
    slot newest_ = nowhere;
};

}  // namespace gatehouse
