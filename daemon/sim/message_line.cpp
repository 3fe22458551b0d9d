#include "message_line.h"

#include "base/hex.h"
#include "base/utf8.h"

#include <algorithm>

namespace gatehouse::sim {

std::string message_line(bytes message)
{
    bool const printable =
        is_utf8(message) && std::none_of(message.begin(), message.end(), [](auto c) {
            return (c < 0x20 && c != '\t') || c == 0x7f;
        });
    if (printable)
        return std::string{as_text(message)};
    return "hex:" + to_hex(message);
}

}  // namespace gatehouse::sim
