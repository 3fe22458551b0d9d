// Which sequence numbers of one direction were seen: the newest, and a bit for each of the 64 up to
// it (docs/protocols/usmp.md, "Replay window").
//
// A value of twelve bytes. `judge` changes nothing; `mark` is called only for what authenticated.
#pragma once

#include <cstdint>

namespace gatehouse {

class replay_window {
public:
    static constexpr std::uint32_t size = 64;

    enum class standing : std::uint8_t {
        newest,  // newer than all before
        late,    // older than the newest, not seen yet
        seen,    // a duplicate
        too_old  // behind the window: nobody knows
    };

    standing judge(std::uint32_t sequence) const noexcept
    {
        if (empty() || sequence > newest_)
            return standing::newest;
        auto const age = newest_ - sequence;
        if (age >= size)
            return standing::too_old;
        return (seen() >> age & 1U) != 0 ? standing::seen : standing::late;
    }

    void mark(std::uint32_t sequence) noexcept
    {
        if (empty() || sequence > newest_) {
            auto const step = sequence - newest_;
            store(empty() || step >= size ? 1 : seen() << step | 1);
            newest_ = sequence;
        } else if (auto const age = newest_ - sequence; age < size) {
            store(seen() | std::uint64_t{1} << age);
        }
    }

    bool empty() const noexcept { return seen() == 0; }

    // The number that follows the newest: what a receiver in strict order waits for.
    std::uint32_t next() const noexcept { return empty() ? 0 : newest_ + 1; }

private:
    // In halves, so that the window has no padding.
    std::uint64_t seen() const noexcept { return std::uint64_t{high_} << 32 | low_; }
    void store(std::uint64_t bits) noexcept
    {
        high_ = static_cast<std::uint32_t>(bits >> 32);
        low_ = static_cast<std::uint32_t>(bits);
    }

    std::uint32_t newest_ = 0;
    std::uint32_t high_ = 0;
    std::uint32_t low_ = 0;
};

}  // namespace gatehouse
