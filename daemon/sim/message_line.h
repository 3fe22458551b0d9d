// A message of the gateway as one line of text.
#pragma once

#include "base/bytes.h"

#include <string>

namespace gatehouse::sim {

// The text itself when it is printable UTF-8 without line breaks, else "hex:" and the bytes.
std::string message_line(bytes message);

// That line to standard output. Throws when nobody can read it any more.
void print_message(bytes message);

}  // namespace gatehouse::sim
