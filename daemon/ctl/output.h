// What the program writes. Nothing is buffered, so that nothing secret stays behind.
#pragma once

#include <string_view>

namespace gatehouse::ctl {

// All of it to standard output. Throws failure.
void print(std::string_view text);

// One line to standard error: "gatehousectl: TEXT". Failures are ignored.
void complain(std::string_view text);

// Text to standard error as it is.
void note(std::string_view text);

// All of it to a descriptor; false with errno when that fails.
bool write_all(int descriptor, std::string_view text);

}  // namespace gatehouse::ctl
