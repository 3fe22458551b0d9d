// A source of randomness that yields what a test queued, and a seeded stream after that.
#pragma once

#include "crypto/random.h"
#include "support/byte_string.h"

#include <cstddef>
#include <cstdint>
#include <random>
#include <utility>

namespace gatehouse::test {

class scripted_random final : public crypto::random_source {
public:
    explicit scripted_random(byte_string queue = {}, std::uint64_t seed = 1)
        : queue_{std::move(queue)}
        , stream_{seed}
    {
    }

    void fill(mutable_bytes out) override
    {
        for (auto& byte : out)
            byte = at_ < queue_.size() ? queue_[at_++] : static_cast<std::uint8_t>(stream_() >> 56);
        drawn_ += out.size();
    }

    std::size_t drawn() const noexcept { return drawn_; }
    bool queue_used_up() const noexcept { return at_ >= queue_.size(); }

private:
    byte_string queue_;
    std::size_t at_ = 0;
    std::size_t drawn_ = 0;
    std::mt19937_64 stream_;
};

}  // namespace gatehouse::test
