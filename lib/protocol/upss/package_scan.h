// Where a package ends in a stream of JSON texts that nothing separates (docs/protocols/upss.md,
// "Packages").
#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <cstddef>
#include <cstdint>

namespace gatehouse::upss {

// What stands between packages, and may also follow the last one.
std::size_t leading_blanks(bytes in) noexcept;

// Looks at each byte once, however the package arrives: to be shown all that came of it, from its
// first byte, each time.
class package_scan {
public:
    // The size of the package that begins with the first byte of `in`; 0 when it is not whole.
    // Errors: malformed_magic, it does not begin as an object; malformed_oversize, it is longer
    // than `limit` or nested too deeply. Whether it is JSON is for the reader to say.
    result<std::size_t> look(bytes in, std::size_t limit) noexcept;

    void begin_anew() noexcept { *this = {}; }

private:
    std::uint32_t at_ = 0;  // the first byte that was not looked at
    std::uint16_t depth_ = 0;
    bool in_text_ = false;
    bool escaped_ = false;  // by a backslash in front of it
};

}  // namespace gatehouse::upss
