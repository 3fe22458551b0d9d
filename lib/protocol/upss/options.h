// A listener's settings of UPSS (docs/reference/configuration.md, "upss"), with their defaults.
#pragma once

#include "crypto/rsa_oaep.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gatehouse::upss {

// Of sealed fields and of the RSA block.
enum class base64_reading : std::uint8_t {
    strict,   // the alphabet and the padding must be right
    lenient,  // characters of neither alphabet are skipped, as the reference does
};

// How the gateway comes by its RSA pairs.
struct key_choice {
    unsigned bits = 2048;
    std::chrono::milliseconds rotate = std::chrono::hours{1};

    bool operator==(key_choice const&) const = default;
};

// A pair that the operator gave instead.
struct given_key {
    std::shared_ptr<crypto::rsa_private_key const> key;
    std::string public_pem;

    bool operator==(given_key const& other) const { return public_pem == other.public_pem; }
};

struct options {
    std::vector<std::string> routes{"/"};
    base64_reading base64 = base64_reading::strict;
    // Members of `data` beside `msg` go to the backend as they are, unprotected.
    bool forward_plain = false;
    // The longest package of the application, as JSON, in bytes.
    std::size_t body_limit = std::size_t{64} << 10;
    // The longest text of an answer, in bytes: stock devices read it with one call.
    std::size_t max_reply = 600;
    // How long the backend may take for an answer; then the device gets STATUS ERROR.
    std::chrono::milliseconds reply_timeout = std::chrono::seconds{10};
    // After an answer, how long a device of 0.0.2 may take for its next package.
    std::chrono::milliseconds turn_timeout = std::chrono::seconds{5};
    // How far the clock in a sealed field may be off; 0: it is not looked at.
    std::chrono::milliseconds clock_tolerance{0};
    // A sealed field that came before in the session is refused.
    bool refuse_repeats = false;
    // Session keys that may be opened with RSA each second, by all workers.
    std::uint32_t openings_per_second = 200;
    key_choice keys{};
    given_key given{};  // no key: as `keys` says

    bool operator==(options const&) const = default;
};

}  // namespace gatehouse::upss
