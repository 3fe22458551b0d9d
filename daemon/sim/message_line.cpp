#include "message_line.h"

#include "base/hex.h"
#include "base/utf8.h"

#include <algorithm>
#include <iostream>
#include <stdexcept>

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

void print_message(bytes message)
{
    std::cout << message_line(message) << std::endl;
    if (!std::cout)
        throw std::runtime_error{"standard output cannot be written"};
}

}  // namespace gatehouse::sim
