// A listener's settings of Array-Crypto (docs/reference/configuration.md, "array-crypto"), with
// their defaults.
#pragma once

#include <chrono>
#include <cstddef>

namespace gatehouse::array_crypto {

struct options {
    std::size_t message_limit = std::size_t{64} << 10;
    // How long a device waits for the backend's answer, if there may be any.
    std::chrono::milliseconds reply_timeout = std::chrono::seconds{10};
    bool answers = true;

    bool operator==(options const&) const = default;
};

}  // namespace gatehouse::array_crypto
