// A listener's settings of UPSS (docs/reference/configuration.md, "upss"), with their defaults.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace gatehouse::upss {

// Of sealed fields and of the RSA block.
enum class base64_reading : std::uint8_t {
    strict,   // the alphabet and the padding must be right
    lenient,  // characters of neither alphabet are skipped, as the reference does
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
    std::chrono::seconds clock_tolerance{0};
    // A sealed field that came before in the session is refused.
    bool refuse_repeats = false;

    bool operator==(options const&) const = default;
};

}  // namespace gatehouse::upss
