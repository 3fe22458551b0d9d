// Opening a frame when more than one key may fit.
#pragma once

#include "base/assert.h"
#include "protocol/usmp/frame_cipher.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace gatehouse::usmp {

class key_trials {
public:
    struct opened {
        crypto::aead_key const* key;  // the one that fitted
        mutable_bytes text;
    };

    key_trials& add(crypto::aead_key const& key) noexcept
    {
        GATEHOUSE_ASSERT(count_ < keys_.size());
        keys_[count_++] = &key;
        return *this;
    }

    // Opens the frame in place with the first key that fits; the errors are open_frame's.
    result<opened> open(frame_context context, frame_header const& header, mutable_bytes frame)
        const
    {
        // A failed trial leaves garbage behind, so all but the last need the original back. It is
        // half a kilobyte that most frames never use.
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): written before it is read
        std::array<std::uint8_t, frame_limit> original;
        if (count_ > 1)
            std::copy(frame.begin(), frame.end(), original.begin());
        auto failure = error::unproven_frame;
        for (std::size_t i = 0; i < count_; ++i) {
            if (i > 0)
                std::copy_n(original.begin(), frame.size(), frame.begin());
            auto const text = open_frame(context, header, *keys_[i], frame);
            if (text)
                return opened{keys_[i], *text};
            failure = text.error();
        }
        return failure;
    }

private:
    std::array<crypto::aead_key const*, 4> keys_{};
    std::size_t count_ = 0;
};

}  // namespace gatehouse::usmp
