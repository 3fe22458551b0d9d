// The terminal while a report is redrawn on it.
#pragma once

#include <string_view>

namespace gatehouse::ctl {

// Takes the terminal's second screen. The first comes back with the destruction, and before an
// interrupt or termination ends the program (with 0 after an interrupt). One at a time.
class screen {
public:
    screen();
    ~screen();
    screen(screen const&) = delete;
    screen& operator=(screen const&) = delete;

    // Instead of what was there; what does not fit is left out, with a line that says so.
    void draw(std::string_view text);
};

// Without a screen: an interrupt ends the program with 0.
void end_quietly_when_interrupted();

}  // namespace gatehouse::ctl
