// How many of the process's descriptors devices may take: the rest is for backends, operators,
// scrapers and files. Any thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <limits>

namespace gatehouse {

class descriptor_budget {
public:
    // So many, from now on; until then there is no bound.
    void allow(std::size_t most) noexcept { most_ = most; }

    bool used_up() const noexcept { return taken_ >= most_; }
    void take() noexcept { ++taken_; }
    void give_back() noexcept { --taken_; }

private:
    std::atomic<std::size_t> most_{std::numeric_limits<std::size_t>::max()};
    std::atomic<std::size_t> taken_{0};
};

// What the limit of this process leaves for devices beside `for_others` that will be opened, and
// those that are open now.
std::size_t descriptors_for_devices(std::size_t for_others);

}  // namespace gatehouse
