#include "confirmation.h"

#include "failure.h"
#include "output.h"

#include <iostream>

#include <unistd.h>

namespace gatehouse::ctl {

bool is_confirmed(assent given, stream_kind standard_input, line_source const& answer)
{
    if (given == assent::given || standard_input != stream_kind::terminal)
        return true;
    auto const line = answer();
    return line == "y" || line == "Y" || line == "yes" || line == "YES" || line == "Yes";
}

void confirm(std::string_view what, assent given)
{
    auto const ask_person = [&] {
        note(std::string{what} + "? [y/N] ");
        std::string line;
        std::getline(std::cin, line);
        return line;
    };
    if (!is_confirmed(given, kind_of(STDIN_FILENO), ask_person))
        throw failure{"not_confirmed", "not confirmed; nothing was done"};
}

}  // namespace gatehouse::ctl
