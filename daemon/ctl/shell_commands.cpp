#include "shell_commands.h"

#include "call.h"
#include "completion_script.h"
#include "failure.h"
#include "live_values.h"
#include "output.h"
#include "usage_text.h"

#include <string>
#include <string_view>

namespace gatehouse::ctl {

int run_help(call const& what)
{
    std::string name;
    for (auto const each : what.words.operands)
        name += (name.empty() ? "" : " ") + std::string{each};
    print(help_for(name));
    return 0;
}

int run_completion(call const& what)
{
    auto const shell = what.words.operand(0);
    if (shell == "bash")
        print(bash_completion());
    else if (shell == "zsh")
        print(zsh_completion());
    else if (shell == "fish")
        print(fish_completion());
    else
        throw usage_error{"completion scripts exist for bash, zsh and fish"};
    return 0;
}

int run_complete(call const& what)
{
    try {
        print(live_values(what, what.words.operand(0)));
    } catch (failure const&) {
        return 0;
    }
    return 0;
}

}  // namespace gatehouse::ctl
